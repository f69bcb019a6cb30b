//! What hostile input is not allowed to do: how much comes out of compressed data, and how deep it is packed.

use super::{Options, Reason};
use std::{
    cell::Cell,
    fmt,
    io::{self, Read},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// What one file of the input has used up so far of what [`Options`] allow. All layers and members of the file share it, so
/// that archives in archives, and members that overlap, count together.
#[derive(Debug)]
pub(super) struct Budget {
    /// Most layers and archives in each other.
    pub depth: usize,
    /// Bytes of memory that may still be taken to unpack something.
    memory: Cell<u64>,
    /// Most members of one archive.
    pub members: u64,
    ratio: u64,
    unpacked: u64,
    /// Size of the file on disk, where it is known. It is what counts where parts of it are read again and again.
    size: Option<u64>,
    /// What all sources of the run add the bytes to that they read.
    counter: Arc<AtomicU64>,
    taken: Cell<u64>,
    given: Cell<u64>,
}

/// The ratio is looked at only when so many bytes have come out: a short text may well be one word a million times.
const FREE: u64 = 100_000_000;

impl Budget {
    pub(super) fn new(options: &Options, size: Option<u64>, counter: Arc<AtomicU64>) -> Rc<Budget> {
        Rc::new(Budget {
            depth: options.max_depth,
            memory: Cell::new(options.max_memory),
            members: options.max_members,
            ratio: options.max_ratio,
            unpacked: options.max_unpacked,
            size,
            counter,
            taken: Cell::new(0),
            given: Cell::new(0),
        })
    }

    /// Bytes of memory that may still be taken to unpack something.
    pub(super) fn memory(&self) -> u64 {
        self.memory.get()
    }

    /// Does `work` while `count` bytes are held in memory.
    pub(super) fn holding<T>(&self, count: u64, work: impl FnOnce() -> T) -> T {
        let before = self.memory.get();
        self.memory.set(before.saturating_sub(count));
        let done = work();
        self.memory.set(before);
        done
    }

    /// Counts bytes that were read from the file itself. Those that are read again do not count.
    pub(super) fn take(&self, count: u64) {
        let size = self.size.unwrap_or(u64::MAX);
        let before = self.taken.get().min(size);
        let after = before.saturating_add(count).min(size);
        self.taken.set(after);
        self.counter.fetch_add(after - before, Ordering::Relaxed);
    }

    /// Counts bytes that were unpacked, of a stream that has given `stream` bytes by now.
    fn give(&self, count: usize, stream: u64) -> Result<(), Fault> {
        let given = self.given.get() + count as u64;
        self.given.set(given);
        if stream > self.unpacked {
            let detail = format!("more than {} bytes come out of it; see --max-unpacked", self.unpacked);
            return Err(Fault(Reason::TooLarge, detail));
        }
        let taken = self.taken.get();
        if given > FREE && given / self.ratio.max(1) > taken {
            let detail = format!("{given} bytes came out of {taken}, which looks like a trap; see --max-ratio");
            return Err(Fault(Reason::TooLarge, detail));
        }
        Ok(())
    }
}

/// Why a stream cannot be read any further, as an error that passes through every reader on top of it.
#[derive(Clone, Debug)]
pub(super) struct Fault(pub Reason, pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> io::Error {
        io::Error::other(fault)
    }
}

/// What a failure to read is called in tables.
pub(super) fn reason(error: &io::Error) -> Reason {
    fault(error).map_or(Reason::Unreadable, |fault| fault.0)
}

/// What a failure to read an archive is called in tables, if its file can be read.
pub(super) fn reason_in_archive(error: &io::Error) -> Reason {
    match reason(error) {
        Reason::Unreadable if error.raw_os_error().is_none() && fault(error).is_none() => Reason::BadArchive,
        reason => reason,
    }
}

fn fault(error: &io::Error) -> Option<&Fault> {
    error.get_ref()?.downcast_ref()
}

/// What comes out of a decompressor, within the limits. Its errors are told apart from those of the file below it. After
/// an error, it fails in the same way for ever.
pub(super) struct Unpacked<'a> {
    decoder: Box<dyn Read + 'a>,
    /// What the compressed data are called in messages.
    kind: &'static str,
    budget: Rc<Budget>,
    stream: u64,
    failed: Option<Fault>,
}

impl<'a> Unpacked<'a> {
    pub(super) fn new(decoder: Box<dyn Read + 'a>, kind: &'static str, budget: &Rc<Budget>) -> Self {
        Unpacked { decoder, kind, budget: Rc::clone(budget), stream: 0, failed: None }
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = &self.failed {
            return Err(fault.clone().into());
        }
        let count = match self.decoder.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => return Err(self.failed.insert(fault_of(&error, self.kind, self.stream)).clone().into()),
        };
        self.stream += count as u64;
        match self.budget.give(count, self.stream) {
            Ok(()) => Ok(count),
            Err(fault) => Err(self.failed.insert(fault).clone().into()),
        }
    }
}

/// What the error of a decompressor means, after `stream` bytes have come out of it.
fn fault_of(error: &io::Error, kind: &str, stream: u64) -> Fault {
    if let Some(fault) = fault(error) {
        return fault.clone();
    }
    if error.raw_os_error().is_some() {
        return Fault(Reason::Unreadable, error.to_string());
    }
    match error.kind() {
        io::ErrorKind::OutOfMemory => {
            Fault(Reason::TooLarge, format!("{kind}: it needs more memory to unpack than allowed; see --max-memory"))
        }
        io::ErrorKind::UnexpectedEof => {
            Fault(Reason::BadArchive, format!("the {kind} end too early, after {stream} bytes of content"))
        }
        _ => Fault(Reason::BadArchive, format!("the {kind} are damaged after {stream} bytes of content: {error}")),
    }
}
