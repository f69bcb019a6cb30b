//! Where the bytes of a compiled gazetteer lie: in the program, in memory, or in a file that all workers and processes share.
//! The only file with `unsafe` in it.

use crate::error::{Error, Result};
use memmap2::Mmap;
use std::{fs::File, path::Path};

/// Bytes at an address that is a multiple of 16.
#[derive(Debug)]
pub(super) enum Bytes {
    /// Part of the program.
    Program(&'static [u8]),
    /// In memory: so many bytes of the numbers.
    Memory(Vec<u128>, usize),
    /// A mapped file.
    File(Mmap),
}

/// Has an element of an array brought near that will be wanted soon, without waiting for it as reading it would. At a place that
/// is none nothing happens, nor does it on other processors than x86-64, for which stable Rust has no such instruction.
#[inline]
pub(super) fn bring<T>(array: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(element) = array.get(at) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the instruction is a hint, which changes no memory and no register; what is pointed at can be read.
        #[allow(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(element).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (array, at);
}

impl Bytes {
    /// A copy of `bytes`.
    pub(super) fn owned(bytes: &[u8]) -> Bytes {
        let mut numbers = vec![0u128; bytes.len().div_ceil(16)];
        bytemuck::cast_slice_mut::<u128, u8>(&mut numbers)[..bytes.len()].copy_from_slice(bytes);
        Bytes::Memory(numbers, bytes.len())
    }

    /// Maps a file.
    ///
    /// # Errors
    /// It cannot be opened or mapped.
    pub(super) fn map(path: &Path) -> Result<Bytes> {
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        // SAFETY: what the map is a view of must not change or shrink while it is used. No program can promise that of a file,
        // as no database or linker can; what can be done is done: compiled gazetteers are never written in place (a new one is
        // written under another name and renamed, so that an old map keeps the old file), they are mapped for reading only,
        // every access is checked against the bounds of the map, and nothing in them is a pointer or a text that is taken
        // for UTF-8 without a check.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) };
        map.map(Bytes::File).map_err(|error| Error::io(path, error))
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Bytes::Program(bytes) => bytes,
            Bytes::Memory(numbers, length) => &bytemuck::cast_slice(numbers)[..*length],
            Bytes::File(map) => map,
        }
    }
}
