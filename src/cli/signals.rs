//! Signals: the first one asks a run to stop, the second one ends the program.

use crate::error::{Error, Result};
use std::sync::atomic::{AtomicU8, Ordering};

/// The number of the first signal; 0 before there was one. A program has one set of signals, so there is one of these.
static FIRST: AtomicU8 = AtomicU8::new(0);

/// The signal of Ctrl-C.
const INTERRUPT: u8 = 2;

/// What signals have asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signals(());

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub(super) fn listen() -> Result<Signals> {
        listen().map_err(|error| Error::usage(format!("cannot listen for signals: {error}")))?;
        Ok(Signals(()))
    }

    /// Whether a signal asks to stop.
    pub(super) fn stop(self) -> bool {
        FIRST.load(Ordering::Relaxed) > 0
    }

    /// The exit status of a program that a signal has stopped: 130 for Ctrl-C, 143 for `kill`.
    pub(super) fn status(self) -> u8 {
        128 + FIRST.load(Ordering::Relaxed)
    }
}

/// Takes note of a signal.
fn heed(signal: u8) {
    if FIRST.swap(signal, Ordering::Relaxed) > 0 {
        std::process::exit(128 + i32::from(signal));
    }
    super::say("stopping; a second signal ends the program at once");
}

/// SIGHUP is not among them: when a terminal goes away without `nohup` the program ends as if it were killed.
#[cfg(unix)]
fn listen() -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    let listener = std::thread::Builder::new().name("signals".to_string());
    listener.spawn(move || {
        for signal in signals.forever() {
            heed(u8::try_from(signal).unwrap_or(INTERRUPT));
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn listen() -> std::result::Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| heed(INTERRUPT))
}
