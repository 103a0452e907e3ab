//! Somebody's shop: a page on an origin of its own, under a policy as strict as they come.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// A page that embeds something of ours.
pub(crate) struct Shop {
    /// The origin that it is served from.
    pub(crate) origin: String,
}

impl Shop {
    /// Opens one whose page has this `lang` and these script tags of `server`.
    pub(crate) fn open(server: &str, lang: &str, tags: &str) -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let policy = format!(
            "default-src 'none'; script-src {server}; connect-src {server}; style-src 'self'; \
             img-src data:; base-uri 'none'; form-action 'none'"
        );
        let page = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"icon\" href=\"data:,\"><title>Shop</title>\
             <link rel=\"stylesheet\" href=\"/shop.css\"></head>\n\
             <body><main><h1>Shop</h1><p>Tea and teapots.</p>\n{tags}\n</main></body></html>\n"
        );
        // It serves until the process ends.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A browser may hang up on what it does not need.
                let _ = answer(stream, &policy, &page);
            }
        });
        Shop { origin }
    }

    /// The address of its page.
    pub(crate) fn url(&self) -> String {
        format!("{}/", self.origin)
    }
}

fn answer(mut stream: TcpStream, policy: &str, page: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|it| !it.is_empty()) {}
    let (status, kind, body) = match first.split(' ').nth(1) {
        Some("/shop.css") => ("200 OK", "text/css", ":root{color-scheme:light dark}"),
        Some("/") => ("200 OK", "text/html; charset=utf-8", page),
        _ => ("404 Not Found", "text/plain", ""),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         content-security-policy: {policy}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
