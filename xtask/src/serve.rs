//! A static file server for `dist/`: right content types, no special headers.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use crate::shell::{self, Result};

pub fn serve(port: u16) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        format!("cannot listen on port {port}: {error}\n  another program may use it; try `cargo xtask serve --port 0`")
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("the port has no address: {error}"))?;
    println!("Sluice is at http://{address}/ (Ctrl+C stops it)");
    let dist = shell::root().join("dist");
    for stream in listener.incoming().flatten() {
        let dist = dist.clone();
        std::thread::spawn(move || {
            // A browser that goes away in the middle of a file is not worth a message.
            answer(&stream, &dist).ok();
        });
    }
    Ok(())
}

fn answer(mut stream: &TcpStream, dist: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let mut words = request.split_whitespace();
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let (status, kind, body) = match resolve(dist, target) {
        _ if method != "GET" && method != "HEAD" => (
            "405 Method Not Allowed",
            "text/plain",
            b"only GET\n".to_vec(),
        ),
        Some(file) => match std::fs::read(&file) {
            Ok(body) => ("200 OK", content_type(&file), body),
            Err(_) => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
        },
        None => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file that a request target names; `None` for anything that could leave the folder.
fn resolve(dist: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    // Every name in dist/ is plain: an escape or a dot segment is never a file of ours.
    if path.starts_with('/')
        || path.contains(['%', '\\', ':'])
        || path.split('/').any(|part| part == "..")
    {
        return None;
    }
    let file = dist.join(path);
    Some(if path.is_empty() || path.ends_with('/') {
        file.join("index.html")
    } else {
        file
    })
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "csv" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_stay_inside_the_folder() {
        let p = |target: &str| {
            resolve(Path::new("d"), target).map(|file| file.to_string_lossy().replace('\\', "/"))
        };
        assert_eq!(p("/"), Some("d/index.html".to_owned()));
        assert_eq!(p("/engine.js?v=1"), Some("d/engine.js".to_owned()));
        assert_eq!(p("/a/../../secret"), None);
        assert_eq!(p("/%2e%2e/secret"), None);
        assert_eq!(p("secret"), None);
        assert_eq!(p("//etc/passwd").as_deref(), None);
    }
}
