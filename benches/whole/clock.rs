//! Time and memory of this process.

use std::time::{Duration, Instant};

/// Measures from when it is made.
pub(crate) struct Clock {
    wall: Instant,
    busy: Duration,
}

/// What something took: seconds by the clock on the wall, and seconds of computing on all threads together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    pub(crate) wall: f64,
    pub(crate) busy: f64,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock { busy: busy(), wall: Instant::now() }
    }

    pub(crate) fn took(&self) -> Took {
        let wall = self.wall.elapsed().as_secs_f64();
        Took { wall, busy: (busy() - self.busy).as_secs_f64() }
    }
}

#[cfg(unix)]
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Elsewhere the clock on the wall has to do.
#[cfg(not(unix))]
fn busy() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

/// The most memory that this process had at any time, in bytes; 0 where the system does not tell.
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}
