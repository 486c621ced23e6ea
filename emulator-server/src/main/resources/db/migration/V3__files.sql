-- Code assets of the v2 SDK. Their files, like all bytes, are files; here is what is searched.

-- Which workspace a container for uploads was made for.
create table code_container (
    name varchar(63) not null primary key,
    workspace_id varchar(36) not null,
    created_on timestamp with time zone not null
);

create table code_version (
    -- workspace id, name and version in lower case
    id varchar(600) not null primary key,
    workspace_id varchar(36) not null,
    name varchar(255) not null,
    name_key varchar(255) not null,
    version varchar(255) not null,
    -- empty when the client gave none
    hash varchar(128) not null,
    hash_version varchar(32) not null,
    document varchar(1000000) not null,
    created_on timestamp with time zone not null,
    modified_on timestamp with time zone not null
);

create index code_version_by_hash on code_version (workspace_id, hash);
create index code_version_by_name on code_version (workspace_id, name_key, created_on);
