//! Answers of web servers, as WARC files hold them: status, headers, and a body that may be in chunks and compressed.

use super::{Reason, compressed::Compression};
use std::{
    borrow::Cow,
    io::{self, Read},
};

/// The longest header that is looked at, in bytes.
const MOST_HEADER: usize = 1 << 16;

/// What the header of an answer tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    content: String,
    codings: Vec<String>,
    chunked: bool,
    /// Where the body begins.
    start: usize,
}

impl Answer {
    /// Reads the header of the answer in `block`.
    pub(super) fn of(block: &[u8]) -> Option<Answer> {
        let head = &block[..block.len().min(MOST_HEADER)];
        let mut answer = Answer::default();
        let mut rest = head.strip_prefix(b"HTTP/")?;
        let mut first = true;
        loop {
            let end = memchr::memchr(b'\n', rest)?;
            let line = String::from_utf8_lossy(rest[..end].trim_ascii());
            rest = &rest[end + 1..];
            if first {
                answer.status = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
                first = false;
            } else if line.is_empty() {
                answer.start = head.len() - rest.len();
                return Some(answer);
            } else if let Some((name, value)) = line.split_once(':') {
                answer.field(&name.trim().to_ascii_lowercase(), value.trim());
            }
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "content-type" => self.content = value.to_string(),
            "content-encoding" => {
                let codings = value.split(',').map(|coding| coding.trim().to_ascii_lowercase());
                self.codings.extend(codings.filter(|coding| !coding.is_empty() && coding != "identity").take(4));
            }
            "transfer-encoding" => self.chunked = value.to_ascii_lowercase().contains("chunked"),
            _ => {}
        }
    }

    /// Whether the body is a page or a text that somebody reads.
    pub(super) fn is_page(&self, block: &[u8], url: &str) -> bool {
        if self.content.is_empty() {
            return super::html::is_page(&block[self.start..]);
        }
        // `robots.txt` and its like stand at the root of a site, and no article does.
        let path = url.split("://").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
        let at_root = path.ends_with(".txt") && !path.contains('/');
        is_html(&self.content) || self.is_text() && !at_root
    }

    /// Whether the body is plain text.
    pub(super) fn is_text(&self) -> bool {
        self.content.trim_start().get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("text/plain"))
    }

    /// The character set that the server tells.
    pub(super) fn charset(&self) -> Option<&str> {
        let mut parameters = self.content.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
        parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset")).map(|(_, value)| value.trim())
    }

    /// The body, unpacked, of at most `limit` bytes.
    ///
    /// # Errors
    /// Where it is longer, damaged, or packed in an unknown way.
    pub(super) fn body<'b>(&self, block: &'b [u8], limit: u64) -> Result<Cow<'b, [u8]>, (Reason, String)> {
        let body = &block[self.start..];
        let mut body = match self.chunked.then(|| unchunked(body)).flatten() {
            Some(whole) => Cow::Owned(whole),
            // Some crawlers join the chunks and leave the header.
            None => Cow::Borrowed(body),
        };
        for coding in self.codings.iter().rev() {
            body = Cow::Owned(decoded(&body, coding, limit)?);
        }
        Ok(body)
    }
}

/// Whether a content type is that of a page.
pub(super) fn is_html(content: &str) -> bool {
    let kind = content.split(';').next().unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"]
        .iter()
        .any(|html| kind.eq_ignore_ascii_case(html))
}

/// The host in `url`, without `www.`
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// Joins the chunks of `body`; `None` if it is in none. A last chunk that is cut off gives what there is of it.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let (mut whole, mut rest, mut first) = (Vec::new(), body, true);
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(1024)]);
        let size = end.and_then(|end| {
            let line = rest[..end].split(|b| *b == b';').next()?.trim_ascii();
            let digits = std::str::from_utf8(line).ok().filter(|digits| (1..=8).contains(&digits.len()))?;
            Some((usize::from_str_radix(digits, 16).ok()?, end + 1))
        });
        let Some((size, start)) = size else { return (!first).then_some(whole) };
        first = false;
        let chunk = &rest[start..rest.len().min(start.saturating_add(size))];
        whole.extend_from_slice(chunk);
        if size == 0 || start + chunk.len() >= rest.len() {
            return Some(whole);
        }
        rest = rest[start + chunk.len()..]
            .strip_prefix(b"\r\n")
            .or_else(|| rest[start + chunk.len()..].strip_prefix(b"\n"))?;
    }
}

/// Unpacks `body`.
fn decoded(body: &[u8], coding: &str, limit: u64) -> Result<Vec<u8>, (Reason, String)> {
    let refused = |error: io::Error| (Reason::BadArchive, format!("the page cannot be unpacked: {error}"));
    // No page needs more memory to be unpacked than it may have bytes, or than is usual.
    let memory = limit.max(8 << 20);
    let mut reader: Box<dyn Read + '_> = match coding {
        // Some crawlers unpack pages and leave the header.
        "gzip" | "x-gzip" if !body.starts_with(b"\x1F\x8B") => Box::new(body),
        "gzip" | "x-gzip" => Compression::Gzip.decoder(body, memory).map_err(refused)?,
        "deflate" if is_zlib(body) => Box::new(flate2::read::ZlibDecoder::new(body)),
        "deflate" => Box::new(flate2::read::DeflateDecoder::new(body)),
        "br" => Box::new(brotli_decompressor::Decompressor::new(body, 4096)),
        "zstd" => Compression::Zstd.decoder(body, memory).map_err(refused)?,
        _ => return Err((Reason::BadArchive, format!("the page is packed as `{coding}`, which is not known"))),
    };
    let mut unpacked = Vec::new();
    let result = reader.by_ref().take(limit.saturating_add(1)).read_to_end(&mut unpacked);
    if unpacked.len() as u64 > limit {
        return Err((Reason::TooLarge, format!("the page has more than {limit} bytes when it is unpacked")));
    }
    match result {
        Ok(_) => Ok(unpacked),
        // A page that was unpacked before is one that begins as such.
        Err(_) if super::html::is_page(body) => Ok(body.to_vec()),
        Err(error) => Err((Reason::BadArchive, format!("the {coding} data of the page is damaged: {error}"))),
    }
}

/// Whether `body` has the header that `deflate` should have and often has not.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [a, b, ..] if a & 0x0F == 8 && (u16::from(*a) << 8 | u16::from(*b)).is_multiple_of(31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const PAGE: &[u8] = b"<!doctype html><html><body><p>Some words.</p></body></html>";

    fn body(header: &str, body: &[u8]) -> Result<Vec<u8>, (Reason, String)> {
        let block = [format!("HTTP/1.1 200 OK\r\n{header}\r\n").as_bytes(), body].concat();
        Answer::of(&block).unwrap().body(&block, 1000).map(Cow::into_owned)
    }

    #[test]
    fn bodies_are_unpacked() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(PAGE).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(PAGE).unwrap();
        let zlib = zlib.finish().unwrap();
        let zstd = zstd::encode_all(PAGE, 1).unwrap();
        let mut chunks = Vec::new();
        for chunk in gzip.chunks(20) {
            chunks.extend(format!("{:x};x=y\r\n", chunk.len()).into_bytes());
            chunks.extend([chunk, b"\r\n"].concat());
        }
        chunks.extend(b"0\r\n\r\n");
        for (header, packed) in [
            ("", PAGE.to_vec()),
            ("Content-Encoding: gzip\r\n", gzip.clone()),
            ("content-encoding:x-gzip\r\n", PAGE.to_vec()),
            ("Content-Encoding: deflate\r\n", zlib.clone()),
            ("Content-Encoding: deflate\r\n", zlib[2..zlib.len() - 4].to_vec()),
            ("Content-Encoding: zstd\r\n", zstd),
            ("Content-Encoding: br\r\n", PAGE.to_vec()),
            ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunks),
            ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", gzip.clone()),
        ] {
            assert_eq!(body(header, &packed).unwrap(), PAGE, "{header}");
        }
        for (header, packed, reason) in [
            ("Content-Encoding: gzip\r\n", &gzip[..20], Reason::BadArchive),
            ("Content-Encoding: compress\r\n", PAGE, Reason::BadArchive),
        ] {
            assert_eq!(body(header, packed).unwrap_err().0, reason);
        }
        let bomb = zstd::encode_all(&vec![b' '; 1 << 20][..], 1).unwrap();
        assert_eq!(body("Content-Encoding: zstd\r\n", &bomb).unwrap_err().0, Reason::TooLarge);
    }

    #[test]
    fn hosts_are_found() {
        for (url, name) in
            [("https://www.herald.example/a", Some("herald.example")), ("http://u@h:80?x", Some("h")), ("x", None)]
        {
            assert_eq!(host(url), name);
        }
    }
}
