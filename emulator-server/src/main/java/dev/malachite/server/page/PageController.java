package dev.malachite.server.page;

import dev.malachite.api.Errors;
import dev.malachite.server.page.Assets.Asset;
import dev.malachite.server.web.AzureException;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the page. What it shows comes from {@code /_emulator}; what it does with compute targets goes through the public
 * API, like any client's wish.
 */
@RestController
class PageController {

    /** Names and logs are whatever a user's script made them: nothing that is not one of our files may run. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

    private final Assets assets;

    PageController(Assets assets) {
        this.assets = assets;
    }

    @GetMapping("/")
    ResponseEntity<Resource> page() {
        return answer("index.html");
    }

    /** Browsers ask for it whatever the page says. */
    @GetMapping("/favicon.ico")
    ResponseEntity<Resource> icon() {
        return answer("icon.svg");
    }

    @GetMapping("/ui/{file}")
    ResponseEntity<Resource> file(@PathVariable String file) {
        return answer(file);
    }

    private ResponseEntity<Resource> answer(String name) {
        Asset asset =
                assets.find(name).orElseThrow(() -> new AzureException(Errors.notFound("The file '" + name + "'")));
        return ResponseEntity.ok()
                .contentType(asset.type())
                // Asked for again each time, so that a newer server never meets an older page.
                .cacheControl(CacheControl.noCache())
                .eTag('"' + asset.tag() + '"')
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(asset.content());
    }
}
