//! The Python package `onrecord`: the library's main job for programs in Python, with tables of Arrow in and out.
//!
//! It does not mirror the library type by type: an `Extractor` is made once, and gives tables. What its classes do is described for
//! users in `package/onrecord/`.

mod capsule;
mod errors;
mod extractor;
mod input;
mod options;
mod tables;
mod watch;

/// Workers ask for many small pieces of memory and give them back. This allocator takes less time for it than the system's, and more
/// memory: so it is the package's, and not that of the program, whose memory is bounded.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled part of the package.
#[pyo3::pymodule]
mod _onrecord {
    use super::*;
    use pyo3::{prelude::*, types::PyTuple};

    #[pymodule_export]
    use extractor::{Batches, Extractor, Report};
    #[pymodule_export]
    use tables::{Extraction, Table, schema};
    #[pymodule_export]
    use watch::Progress;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // A panic of a worker is caught and becomes a reject, and one over foreign data an error.
        let shout = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_worker = std::thread::current().name().is_some_and(|name| name.starts_with(onrecord::run::WORKER));
            if !is_worker && !onrecord::read::is_guarded() {
                shout(panic);
            }
        }));
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("TABLES", PyTuple::new(module.py(), tables::names(true))?)
    }
}
