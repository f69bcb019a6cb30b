//! What a Parquet file claims of itself, in Thrift's compact protocol. The schema and the headers of pages are looked at
//! here before anything is allocated or called in turn because of them.

/// What is wrong with bytes that should be Thrift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They end too early.
    Short,
    /// They are no Thrift.
    Wrong,
    /// Values lie in values deeper than [`DEEPEST`].
    Deep,
}

/// Groups in groups, and Thrift's values in values.
pub(super) const DEEPEST: usize = 64;

/// A reader of the compact protocol.
struct Compact<'b> {
    bytes: &'b [u8],
    at: usize,
}

// Types of values.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

impl Compact<'_> {
    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = self.bytes.get(self.at).copied().ok_or(Fault::Short)?;
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self) -> Result<u64, Fault> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Fault::Wrong)
    }

    fn signed(&mut self) -> Result<i64, Fault> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Number and type of the next field of a struct; `None` at its end.
    fn field(&mut self, last: &mut i64) -> Result<Option<(i64, u8)>, Fault> {
        let byte = self.byte()?;
        if byte == 0 {
            return Ok(None);
        }
        *last = if byte >> 4 == 0 { self.signed()? } else { last.saturating_add(i64::from(byte >> 4)) };
        Ok(Some((*last, byte & 0x0F)))
    }

    /// A value of a number or a truth; `None` if it is of another type, which is passed over.
    fn scalar(&mut self, kind: u8) -> Result<Option<i64>, Fault> {
        match kind {
            TRUE | FALSE => Ok(Some(i64::from(kind == TRUE))),
            BYTE => Ok(Some(i64::from(self.byte()? as i8))),
            4..=I64 => self.signed().map(Some),
            _ => self.skip(kind, 0).map(|()| None),
        }
    }

    /// Number and type of the elements of a list, none of which takes less than a byte.
    fn list(&mut self) -> Result<(usize, u8), Fault> {
        let byte = self.byte()?;
        let count = if byte >> 4 == 15 { self.number()? } else { u64::from(byte >> 4) };
        let left = (self.bytes.len() - self.at) as u64;
        if count > left { Err(Fault::Short) } else { Ok((count as usize, byte & 0x0F)) }
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(Fault::Deep);
        }
        match kind {
            TRUE | FALSE => {}
            BYTE => self.advance(1)?,
            4..=I64 => drop(self.number()?),
            DOUBLE => self.advance(8)?,
            UUID => self.advance(16)?,
            BINARY => {
                let length = self.number()?;
                self.advance(length)?;
            }
            LIST | SET => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.skip_element(kind, depth)?;
                }
            }
            MAP => {
                let count = self.number()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                for _ in 0..count {
                    self.skip_element(kinds >> 4, depth)?;
                    self.skip_element(kinds & 0x0F, depth)?;
                }
            }
            STRUCT => {
                let mut last = 0;
                while let Some((_, kind)) = self.field(&mut last)? {
                    self.skip(kind, depth + 1)?;
                }
            }
            _ => return Err(Fault::Wrong),
        }
        Ok(())
    }

    /// Truths are bytes of their own in lists and maps.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
        if matches!(kind, TRUE | FALSE) { self.advance(1) } else { self.skip(kind, depth + 1) }
    }

    fn advance(&mut self, count: u64) -> Result<(), Fault> {
        let left = (self.bytes.len() - self.at) as u64;
        if count > left {
            return Err(Fault::Short);
        }
        self.at += count as usize;
        Ok(())
    }
}

/// Checks the metadata at the end of a file: that its groups are not deeper than [`DEEPEST`] and have no more members than
/// there are. Returns whether some of its columns are encrypted.
pub(super) fn check_footer(bytes: &[u8]) -> Result<bool, Fault> {
    let mut compact = Compact { bytes, at: 0 };
    let (mut last, mut encrypted) = (0, false);
    while let Some((field, kind)) = compact.field(&mut last)? {
        match (field, kind) {
            (2, LIST) => check_schema(&mut compact)?,
            (2, _) => return Err(Fault::Wrong),
            (8, _) => {
                encrypted = true;
                compact.skip(kind, 0)?;
            }
            _ => compact.skip(kind, 0)?,
        }
    }
    Ok(encrypted)
}

/// The tree of the schema is a list, each group before its members and with their number.
fn check_schema(compact: &mut Compact<'_>) -> Result<(), Fault> {
    let (count, kind) = compact.list()?;
    // How many members the groups around this place still miss.
    let mut missing: Vec<i64> = Vec::new();
    for seen in 0..count {
        let (mut last, mut members) = (0, 0);
        if kind != STRUCT {
            return Err(Fault::Wrong);
        }
        while let Some((field, kind)) = compact.field(&mut last)? {
            match field {
                5 => members = compact.scalar(kind)?.unwrap_or_default(),
                _ => compact.skip(kind, 0)?,
            }
        }
        if !(0..(count - seen) as i64).contains(&members) {
            return Err(Fault::Wrong);
        }
        if let Some(missing) = missing.last_mut() {
            *missing -= 1;
        }
        if members > 0 {
            missing.push(members);
        }
        if missing.len() > DEEPEST {
            return Err(Fault::Deep);
        }
        while missing.last() == Some(&0) {
            missing.pop();
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Fault::Wrong) }
}

/// The header of a page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PageHeader {
    /// 0 data, 2 dictionary, 3 data in the second form.
    pub kind: i64,
    /// Size before compression, in bytes.
    pub size: i64,
    /// Size in the file, without the header, in bytes.
    pub packed: i64,
    /// Numbers by field of the header that belongs to `kind`; -1 where there is none.
    pub numbers: [i64; 8],
    /// Size of the header itself, in bytes.
    pub length: usize,
}

/// Reads the header that `bytes` begin with.
pub(super) fn page_header(bytes: &[u8]) -> Result<PageHeader, Fault> {
    let mut compact = Compact { bytes, at: 0 };
    let mut header = PageHeader { kind: -1, size: -1, packed: -1, numbers: [-1; 8], length: 0 };
    let mut last = 0;
    while let Some((field, kind)) = compact.field(&mut last)? {
        match (field, kind) {
            (1, _) => header.kind = compact.scalar(kind)?.unwrap_or(-1),
            (2, _) => header.size = compact.scalar(kind)?.unwrap_or(-1),
            (3, _) => header.packed = compact.scalar(kind)?.unwrap_or(-1),
            (5 | 7 | 8, STRUCT) => {
                let mut last = 0;
                while let Some((field, kind)) = compact.field(&mut last)? {
                    let number = compact.scalar(kind)?;
                    let slot = usize::try_from(field).ok().and_then(|field| header.numbers.get_mut(field));
                    if let (Some(slot), Some(number)) = (slot, number) {
                        *slot = number;
                    }
                }
            }
            _ => compact.skip(kind, 0)?,
        }
    }
    header.length = compact.at;
    Ok(header)
}

/// Where a block of delta-packed numbers ends that should hold `most` at most; `None` if it is no such block.
pub(super) fn delta_end(bytes: &[u8], most: u64) -> Option<usize> {
    let mut compact = Compact { bytes, at: 0 };
    let mut number = || compact.number().ok();
    let (block, parts, count) = (number()?, number()?, number()?);
    number()?;
    if count > most || parts == 0 || block == 0 || block % parts != 0 || block > 1 << 20 {
        return None;
    }
    let part = block / parts;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        compact.number().ok()?;
        let widths = compact.bytes.get(compact.at..)?.get(..parts as usize)?;
        compact.at += parts as usize;
        for width in widths {
            if left == 0 {
                break;
            }
            if *width > 64 {
                return None;
            }
            compact.advance(u64::from(*width) * part / 8).ok()?;
            left = left.saturating_sub(part);
        }
    }
    Some(compact.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer whose schema has groups with these numbers of members.
    fn footer(members: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x15, 2, 0x19, 0xF0 | STRUCT, members.len() as u8];
        for members in members {
            bytes.extend([0x55, members * 2, 0]);
        }
        bytes.push(0);
        bytes
    }

    #[test]
    fn schemas_are_checked_before_they_are_believed() {
        for (members, outcome) in [
            (vec![1, 0], Ok(false)),
            (vec![2, 1, 0, 0], Ok(false)),
            (vec![1], Err(Fault::Wrong)),
            (vec![60, 0], Err(Fault::Wrong)),
            ([vec![1; 64], vec![0]].concat(), Ok(false)),
            ([vec![1; 65], vec![0]].concat(), Err(Fault::Deep)),
        ] {
            assert_eq!(check_footer(&footer(&members)), outcome, "{members:?}");
        }
        let deep: Vec<u8> = [vec![0x3C], vec![0x1C; 100], vec![0; 102]].concat();
        assert_eq!(check_footer(&deep), Err(Fault::Deep));
        assert_eq!(
            check_footer(&[0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0x7F]),
            Err(Fault::Short),
            "a list longer than the file"
        );
        assert_eq!(check_footer(&[0x8C, 0, 0]), Ok(true));
    }

    #[test]
    fn a_block_of_deltas_ends_where_it_says() {
        // 5 numbers: a block of 128 in 4 parts; the first part has width 2.
        let mut bytes = vec![0x80, 1, 4, 5, 2, 0, 2, 0, 0, 0];
        bytes.extend([0; 8]);
        bytes.extend(b"rest");
        assert_eq!(delta_end(&bytes, 5), Some(18));
        assert_eq!(delta_end(&bytes, 4), None, "more numbers than the page has values");
        assert_eq!(delta_end(&bytes[..12], 5), None);
        assert_eq!(delta_end(&[0, 0, 0, 0], 5), None);
    }
}
