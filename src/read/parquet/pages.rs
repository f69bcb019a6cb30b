//! The pages of a column, decompressed within limits. The crate that decodes them would believe what a page says of its
//! size, and decompress whatever it holds.

use super::{
    Store,
    thrift::{Fault, PageHeader, delta_end, page_header},
};
use bytes::Bytes;
use parquet::{
    basic::{Compression, Encoding},
    column::page::{Page, PageMetadata, PageReader},
    errors::{ParquetError, Result},
};
use std::{
    fmt,
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// First so many bytes are read where a header should be, and more if that was not enough ...
const HEADER: u64 = 1 << 12;
/// ... up to this: a header may hold the least and the greatest value of its page.
const LONGEST_HEADER: u64 = 1 << 24;

/// What has been decompressed since somebody looked, and how much it may be.
#[derive(Debug)]
pub(super) struct Budget {
    pub spent: AtomicU64,
    pub limit: u64,
}

impl Budget {
    fn spend(&self, bytes: u64) -> Result<()> {
        let spent = self.spent.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if spent > self.limit { Err(ParquetError::External(Box::new(Excess(self.limit)))) } else { Ok(()) }
    }
}

/// The error of a file that holds more in one place than is allowed.
#[derive(Debug)]
pub(super) struct Excess(u64);

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a few rows take more than {} bytes, which is the limit", self.0)
    }
}

impl std::error::Error for Excess {}

/// Reads the pages of one column of one group of rows.
pub(super) struct Pages {
    pub store: Arc<Store>,
    pub budget: Arc<Budget>,
    pub codec: Compression,
    /// Whether a row may have several values, or none.
    pub repeated: bool,
    pub optional: bool,
    /// Where the next page begins, and where the column ends.
    pub at: u64,
    pub end: u64,
    /// The header of the next page, if somebody looked.
    pub peeked: Option<PageHeader>,
}

fn wrong(what: impl Into<String>) -> ParquetError {
    ParquetError::General(what.into())
}

impl Pages {
    /// The header of the next page that holds data or a dictionary; `None` at the end of the column.
    fn header(&mut self) -> Result<Option<PageHeader>> {
        if self.peeked.is_some() {
            return Ok(self.peeked);
        }
        while self.at < self.end {
            let mut window = HEADER;
            let header = loop {
                let length = window.min(self.end - self.at);
                match page_header(&self.store.read(self.at, length)?) {
                    Err(Fault::Short) if window < LONGEST_HEADER && length == window => window *= 8,
                    Err(_) => return Err(wrong(format!("no header of a page at byte {}", self.at))),
                    Ok(header) => break header,
                }
            };
            let left = self.end - self.at - header.length as u64;
            if header.size < 0 || header.packed < 0 || header.packed as u64 > left {
                return Err(wrong(format!("the page at byte {} is longer than its column", self.at)));
            }
            if matches!(header.kind, 0 | 2 | 3) {
                self.peeked = Some(header);
                return Ok(self.peeked);
            }
            // Pages of other kinds hold nothing that is needed.
            self.at += header.length as u64 + header.packed as u64;
        }
        Ok(None)
    }

    /// The page's bytes; the first `plain` of them are never compressed.
    fn body(&self, header: &PageHeader, plain: u64, is_packed: bool) -> Result<Bytes> {
        let size = header.size as u64;
        self.budget.spend(size.max(header.packed as u64))?;
        let packed = self.store.read(self.at + header.length as u64, header.packed as u64)?;
        if !is_packed || self.codec == Compression::UNCOMPRESSED {
            return Ok(packed);
        }
        if plain > size || plain > packed.len() as u64 {
            return Err(wrong("a page is shorter than its levels"));
        }
        let (levels, packed) = packed.split_at(plain as usize);
        let mut out = Vec::with_capacity(size as usize);
        out.extend_from_slice(levels);
        if size > plain {
            unpack(self.codec, packed, (size - plain) as usize, &mut out)?;
        }
        if out.len() as u64 == size { Ok(out.into()) } else { Err(wrong("a page is not as long as it says")) }
    }

    /// Checks that numbers in a page do not make the decoder take more memory than the page justifies.
    fn check(&self, page: &Page) -> Result<()> {
        let count = u64::from(page.num_values());
        match page {
            Page::DictionaryPage { buf, .. } if count > buf.len() as u64 => {
                return Err(wrong("a dictionary says that it has more words than bytes"));
            }
            Page::DictionaryPage { .. } => return Ok(()),
            _ if self.repeated => self.budget.spend(count * 4)?,
            _ => {}
        }
        let nested = match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => false,
            Encoding::DELTA_BYTE_ARRAY => true,
            _ => return Ok(()),
        };
        let bytes = values(page, self.repeated, self.optional).ok_or_else(|| wrong("a page without its levels"))?;
        let end = delta_end(bytes, count);
        let end = if nested { end.and_then(|end| delta_end(bytes.get(end..)?, count)) } else { end };
        end.map(drop).ok_or_else(|| wrong("a page has other lengths than values"))
    }
}

/// The bytes of a page behind its levels.
fn values(page: &Page, repeated: bool, optional: bool) -> Option<&[u8]> {
    let buf = page.buffer();
    if let Page::DataPageV2 { rep_levels_byte_len, def_levels_byte_len, .. } = page {
        return buf.get(*rep_levels_byte_len as usize..)?.get(*def_levels_byte_len as usize..);
    }
    let Page::DataPage { def_level_encoding, rep_level_encoding, .. } = page else { return None };
    let mut bytes: &[u8] = buf;
    for (is_there, encoding) in [(repeated, rep_level_encoding), (optional, def_level_encoding)] {
        if is_there {
            let (length, rest) = bytes.split_first_chunk::<4>().filter(|_| *encoding == Encoding::RLE)?;
            bytes = rest.get(u32::from_le_bytes(*length) as usize..)?;
        }
    }
    Some(bytes)
}

/// Decompresses `packed`, which should give `size` bytes, onto the end of `out`.
fn unpack(codec: Compression, packed: &[u8], size: usize, out: &mut Vec<u8>) -> Result<()> {
    // One byte more would show that there is more than there should be.
    let limit = size as u64 + 1;
    match codec {
        Compression::SNAPPY => {
            if snap::raw::decompress_len(packed).map_err(|e| wrong(e.to_string()))? != size {
                return Err(wrong("a page is not as long as it says"));
            }
            let start = out.len();
            out.resize(start + size, 0);
            let done = snap::raw::Decoder::new().decompress(packed, &mut out[start..]);
            done.map_err(|e| wrong(e.to_string()))?;
        }
        Compression::GZIP(_) => {
            flate2::read::MultiGzDecoder::new(packed).take(limit).read_to_end(out)?;
        }
        Compression::ZSTD(_) => {
            zstd::stream::read::Decoder::with_buffer(packed)?.take(limit).read_to_end(out)?;
        }
        Compression::BROTLI(_) => {
            brotli_decompressor::Decompressor::new(packed, 1 << 12).take(limit).read_to_end(out)?;
        }
        Compression::LZ4_RAW => lz4(packed, size, out)?,
        Compression::LZ4 => {
            // What older programs wrote under this name is framed as Hadoop does it, or not at all.
            let start = out.len();
            if lz4_of_hadoop(packed, size, out).is_none() {
                out.truncate(start);
                lz4(packed, size, out)?;
            }
        }
        other => return Err(wrong(format!("pages compressed with {other} are not read"))),
    }
    Ok(())
}

fn lz4(packed: &[u8], size: usize, out: &mut Vec<u8>) -> Result<()> {
    let start = out.len();
    out.resize(start + size, 0);
    let length = lz4_flex::block::decompress_into(packed, &mut out[start..]).map_err(|e| wrong(e.to_string()))?;
    out.truncate(start + length);
    Ok(())
}

/// Blocks, each behind its sizes before and after compression as big-endian numbers of four bytes.
fn lz4_of_hadoop(mut packed: &[u8], size: usize, out: &mut Vec<u8>) -> Option<()> {
    let end = out.len() + size;
    while !packed.is_empty() {
        let (length, rest) = packed.split_first_chunk::<4>()?;
        let (block, rest) = rest.split_first_chunk::<4>()?;
        let (length, block) = (u32::from_be_bytes(*length) as usize, u32::from_be_bytes(*block) as usize);
        if out.len() + length > end {
            return None;
        }
        lz4(rest.get(..block)?, length, out).ok()?;
        packed = rest.get(block..)?;
    }
    (out.len() == end).then_some(())
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let Some(header) = self.header()? else { return Ok(None) };
        let number =
            |field: usize| u32::try_from(header.numbers[field]).map_err(|_| wrong("a page without its counts"));
        let encoding = |field: usize| encoding(header.numbers[field]);
        let page = match header.kind {
            0 => Page::DataPage {
                buf: self.body(&header, 0, true)?,
                num_values: number(1)?,
                encoding: encoding(2)?,
                def_level_encoding: encoding(3)?,
                rep_level_encoding: encoding(4)?,
                statistics: None,
            },
            2 => Page::DictionaryPage {
                buf: self.body(&header, 0, true)?,
                num_values: number(1)?,
                encoding: encoding(2)?,
                is_sorted: header.numbers[3] == 1,
            },
            _ => {
                let (defined, repeated) = (number(5)?, number(6)?);
                let is_compressed = header.numbers[7] != 0;
                let buf = self.body(&header, u64::from(defined) + u64::from(repeated), is_compressed)?;
                if u64::from(defined) + u64::from(repeated) > buf.len() as u64 {
                    return Err(wrong("a page is shorter than its levels"));
                }
                Page::DataPageV2 {
                    buf,
                    num_values: number(1)?,
                    num_nulls: number(2)?,
                    num_rows: number(3)?,
                    encoding: encoding(4)?,
                    def_levels_byte_len: defined,
                    rep_levels_byte_len: repeated,
                    is_compressed,
                    statistics: None,
                }
            }
        };
        self.check(&page)?;
        self.skip_next_page()?;
        Ok(Some(page))
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        let number = |number: i64| usize::try_from(number).ok();
        Ok(self.header()?.map(|header| PageMetadata {
            num_rows: if header.kind == 3 { number(header.numbers[3]) } else { None },
            num_levels: if header.kind == 2 { None } else { number(header.numbers[1]) },
            is_dict: header.kind == 2,
        }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        if let Some(header) = self.header()? {
            self.at += header.length as u64 + header.packed as u64;
            self.peeked = None;
        }
        Ok(())
    }
}

fn encoding(number: i64) -> Result<Encoding> {
    Ok(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        #[expect(deprecated, reason = "old files have it")]
        4 => Encoding::BIT_PACKED,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        other => return Err(wrong(format!("pages in encoding {other} are not read"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn number(n: i64, out: &mut Vec<u8>) {
        let mut n = ((n << 1) ^ (n >> 63)) as u64;
        while n >= 0x80 {
            out.push(n as u8 | 0x80);
            n >>= 7;
        }
        out.push(n as u8);
    }

    /// A column with one page of kind `kind` (0 or 2), which says that it has `size` bytes and `count` values.
    fn pages(kind: i64, size: i64, count: i64, encoding: i64, codec: Compression, body: &[u8], limit: u64) -> Pages {
        let mut file = Vec::new();
        for value in [kind, size, body.len() as i64] {
            file.push(0x15);
            number(value, &mut file);
        }
        file.push(if kind == 0 { 0x2C } else { 0x4C });
        for value in [count, encoding, 3, 3] {
            file.push(0x15);
            number(value, &mut file);
        }
        file.extend([0, 0]);
        file.extend(body);
        let end = file.len() as u64;
        let budget = Arc::new(Budget { spent: AtomicU64::new(0), limit });
        let store = Arc::new(Store::Memory(file.into()));
        Pages { store, budget, codec, repeated: false, optional: false, at: 0, end, peeked: None }
    }

    fn fault(mut pages: Pages) -> String {
        pages.get_next_page().unwrap_err().to_string()
    }

    fn gzip(bytes: usize) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let zeros = vec![0; 1 << 16];
        (0..bytes >> 16).for_each(|_| encoder.write_all(&zeros).unwrap());
        encoder.finish().unwrap()
    }

    #[test]
    fn pages_are_what_they_say() {
        let zeros = gzip(1 << 16);
        let gzipped = Compression::GZIP(Default::default());
        let mut good = pages(0, 1 << 16, 4, 0, gzipped, &zeros, 1 << 20);
        assert!(matches!(good.peek_next_page(), Ok(Some(PageMetadata { num_levels: Some(4), is_dict: false, .. }))));
        let page = good.get_next_page().unwrap().unwrap();
        assert_eq!((page.buffer().len(), page.num_values(), page.encoding()), (1 << 16, 4, Encoding::PLAIN));
        assert!(good.get_next_page().unwrap().is_none());
        for (pages, what) in [
            (pages(0, 100, 4, 0, gzipped, &zeros, 1 << 20), "a page is not as long as it says"),
            (pages(0, 1 << 17, 4, 0, gzipped, &zeros, 1 << 20), "a page is not as long as it says"),
            (pages(0, i64::from(i32::MAX), 4, 0, gzipped, &zeros, 1 << 20), "a few rows take more than 1048576 bytes"),
            (pages(0, -1, 4, 0, gzipped, &zeros, 1 << 20), "longer than its column"),
            (pages(0, 4, -4, 0, Compression::UNCOMPRESSED, b"text", 1 << 20), "a page without its counts"),
            (pages(0, 4, 1, 77, Compression::UNCOMPRESSED, b"text", 1 << 20), "pages in encoding 77 are not read"),
            (pages(2, 4, 1 << 30, 0, Compression::UNCOMPRESSED, b"text", 1 << 20), "more words than bytes"),
            (pages(0, 4, 1, 6, Compression::UNCOMPRESSED, b"\xFF\xFF\xFF\xFF", 1 << 20), "other lengths than values"),
            (pages(0, 4, 1, 0, Compression::SNAPPY, b"\xFF\xFF\xFF\xFF\x0F", 1 << 20), "not as long as it says"),
            (pages(0, 4, 1, 0, Compression::LZO, b"text", 1 << 20), "are not read"),
        ] {
            let fault = fault(pages);
            assert!(fault.contains(what), "{fault}, not {what}");
        }
    }

    /// A page of 3 MB that would take 300 MB is stopped where it has given what it said.
    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = gzip(300 << 20);
        assert!(bomb.len() < 8 << 20);
        let mut out = Vec::new();
        unpack(Compression::GZIP(Default::default()), &bomb, 1000, &mut out).unwrap();
        assert_eq!(out.len(), 1001);
        assert!(out.capacity() < 1 << 20);
    }

    #[test]
    fn both_kinds_of_lz4_are_read() {
        let packed = [0x40, b't', b'e', b'x', b't'];
        let framed = [&[0, 0, 0, 4, 0, 0, 0, 5][..], &packed].concat();
        for (codec, bytes) in
            [(Compression::LZ4, &framed[..]), (Compression::LZ4, &packed[..]), (Compression::LZ4_RAW, &packed[..])]
        {
            let mut out = b"before ".to_vec();
            unpack(codec, bytes, 4, &mut out).unwrap();
            assert_eq!(out, b"before text");
        }
    }
}
