package dev.malachite.server.blob;

/** The errors of Azure Files ("File service error codes"). */
final class FileErrors {

    private FileErrors() {}

    static BlobException shareNotFound() {
        return new BlobException(404, "ShareNotFound", "The specified share does not exist.");
    }

    static BlobException shareAlreadyExists() {
        return new BlobException(409, "ShareAlreadyExists", "The specified share already exists.");
    }

    /** The account's containers and shares have one path here, so that their names must differ. */
    static BlobException nameOfContainer() {
        return new BlobException(
                409,
                "ShareAlreadyExists",
                "There is a blob container of that name; here a share and a container cannot have the same.");
    }

    static BlobException notFound() {
        return new BlobException(404, "ResourceNotFound", "The specified resource does not exist.");
    }

    static BlobException parentNotFound() {
        return new BlobException(404, "ParentNotFound", "The specified parent path does not exist.");
    }

    static BlobException alreadyExists() {
        return new BlobException(409, "ResourceAlreadyExists", "The specified resource already exists.");
    }

    static BlobException typeMismatch() {
        return new BlobException(
                409,
                "ResourceTypeMismatch",
                "The specified resource type does not match the type of the existing resource.");
    }

    static BlobException notEmpty() {
        return new BlobException(409, "DirectoryNotEmpty", "The specified directory is not empty.");
    }

    /** What Azure Files has and this store has not, or what nobody has. */
    static BlobException unknown(BlobRequest request) {
        return switch (request.query().text("comp")) {
            case "lease" -> BlobException.notHere("Leases");
            case "copy" -> BlobException.notHere("Copies of files");
            case "rename" -> BlobException.notHere("New names for files and directories");
            case "listhandles", "forceclosehandles" -> BlobException.notHere("Handles");
            case "filepermission" -> BlobException.notHere("Permissions of files");
            case "" -> BlobException.verbNotSupported();
            default -> BlobException.invalidQuery("comp");
        };
    }
}
