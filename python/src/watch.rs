//! Looks whether a long piece of work should stop: for Ctrl-C, and for a callback that says how far it is.
//!
//! Both happen on the thread that was called from Python, before a batch is read, and no more often than some times a second. Other threads
//! of a run are told what came of it.

use onrecord::run::{Observer, Progress as Done};
use pyo3::{exceptions::PyUserWarning, prelude::*};
use std::{
    ffi::CString,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

/// How often Python is asked.
const OFTEN: Duration = Duration::from_millis(100);

/// How far a run is. Counts are of what has been written.
#[pyclass(frozen, get_all, module = "onrecord")]
pub struct Progress {
    /// Bytes of the inputs, of files as they lie on disk.
    bytes: u64,
    /// Size of all inputs in bytes; None where it is not known.
    total_bytes: Option<u64>,
    /// Articles.
    articles: u64,
    /// Records that could not be read.
    rejects: u64,
    /// Whether the run still reads what was done before it was stopped. `bytes` counts what was read then.
    catching_up: bool,
}

#[pymethods]
impl Progress {
    fn __repr__(&self) -> String {
        let total = self.total_bytes.map_or_else(|| "None".to_string(), |total| total.to_string());
        format!(
            "Progress(bytes={}, total_bytes={total}, articles={}, rejects={}, catching_up={})",
            self.bytes,
            self.articles,
            self.rejects,
            if self.catching_up { "True" } else { "False" }
        )
    }
}

pub struct Watch {
    callback: Option<Py<PyAny>>,
    total_bytes: Option<u64>,
    /// The thread that was called.
    thread: ThreadId,
    state: Mutex<State>,
}

struct State {
    asked: Instant,
    done: Done,
    told: Done,
    failed: Option<PyErr>,
    stopped: bool,
}

impl Watch {
    pub fn new(callback: Option<Py<PyAny>>, total_bytes: Option<u64>) -> Watch {
        let (done, told) = (Done::default(), Done::default());
        let state = State { asked: Instant::now(), done, told, failed: None, stopped: false };
        Watch { callback, total_bytes, thread: thread::current().id(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What made the work stop, if it was Python.
    pub fn failed(&self) -> Option<PyErr> {
        self.state().failed.take()
    }

    /// Tells the callback how far the work is.
    pub fn tell(&self, py: Python<'_>) -> PyResult<()> {
        let Some(callback) = &self.callback else { return Ok(()) };
        let Done { bytes, articles, rejects, catching_up } = {
            let mut state = self.state();
            if state.told == state.done {
                return Ok(());
            }
            state.told = state.done;
            state.done
        };
        let progress = Progress { bytes, total_bytes: self.total_bytes, articles, rejects, catching_up };
        callback.call1(py, (progress,)).map(drop)
    }
}

impl Observer for Watch {
    fn progress(&self, progress: Done) {
        self.state().done = progress;
    }

    fn stopped(&self) -> bool {
        {
            let mut state = self.state();
            if state.stopped || state.asked.elapsed() < OFTEN || thread::current().id() != self.thread {
                return state.stopped;
            }
            state.asked = Instant::now();
        }
        // Nothing is locked while Python runs.
        let outcome = Python::attach(|py| py.check_signals().and_then(|()| self.tell(py)));
        let mut state = self.state();
        if let Err(error) = outcome {
            state.failed.get_or_insert(error);
            state.stopped = true;
        }
        state.stopped
    }

    fn remark(&self, remark: &str) {
        Python::attach(|py| {
            if let Err(error) = warn(py, remark) {
                let mut state = self.state();
                state.failed.get_or_insert(error);
                state.stopped = true;
            }
        });
    }
}

/// Warns of something. Whoever makes errors of warnings gets one.
pub fn warn(py: Python<'_>, remark: &str) -> PyResult<()> {
    let remark = CString::new(remark.replace('\0', " ")).unwrap_or_default();
    PyErr::warn(py, &py.get_type::<PyUserWarning>(), &remark, 2)
}
