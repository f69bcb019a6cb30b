//! Progress on a terminal. The only file that knows indicatif.

use super::shared::grouped;
use crate::{
    read::{Inputs, Options},
    run::{Observer, Progress},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Shows how far a run is, and knows whether a signal asks to stop it.
pub(super) struct Bar {
    bar: ProgressBar,
    started: Instant,
    stop: Arc<AtomicBool>,
}

impl Bar {
    /// A bar on standard error; nothing is shown where that is no terminal, or with `quiet`.
    pub(super) fn new(inputs: &Inputs, options: &Options, quiet: bool) -> Bar {
        let bar = if quiet || !io::stderr().is_terminal() { ProgressBar::hidden() } else { visible(inputs, options) };
        Bar { bar, started: Instant::now(), stop: Arc::default() }
    }

    /// The flag that stops the run.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress) {
        if self.bar.is_hidden() {
            return;
        }
        let rate = progress.articles as f64 / self.started.elapsed().as_secs_f64().max(1e-3);
        let rejects = match progress.rejects {
            0 => String::new(),
            count => format!(" · {} rejects", grouped(count)),
        };
        self.bar.set_position(progress.bytes);
        self.bar.set_message(format!("{} articles · {}/s{rejects}", grouped(progress.articles), grouped(rate as u64)));
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

fn visible(inputs: &Inputs, options: &Options) -> ProgressBar {
    let total = inputs.total_bytes(options);
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(8));
    let template = match total {
        Some(_) => "{bar:16} {decimal_bytes}/{decimal_total_bytes} · {msg} · {eta} left",
        None => "{spinner} {decimal_bytes} · {msg} · {elapsed}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
