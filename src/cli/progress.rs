//! Progress on a terminal. The only file that knows indicatif.

use super::{shared::grouped, signals::Signals};
use crate::run::{Observer, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal},
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Shows how far a run is, and knows whether a signal asks to stop it.
pub(super) struct Bar {
    bar: ProgressBar,
    /// When the first batch was written, and how many articles there were before it.
    began: OnceLock<(Instant, u64)>,
    signals: Signals,
    quiet: bool,
}

impl Bar {
    /// A bar on standard error; nothing is shown where that is no terminal, or with `quiet`.
    /// `total` is the number of bytes to be read, where it is known.
    pub(super) fn new(total: impl FnOnce() -> Option<u64>, signals: Signals, quiet: bool) -> Bar {
        let bar = if quiet || !io::stderr().is_terminal() { ProgressBar::hidden() } else { visible(total()) };
        Bar { bar, began: OnceLock::new(), signals, quiet }
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
        self.bar.set_position(progress.bytes);
        if progress.catching_up {
            self.bar.set_message(format!("{} articles done before · catching up", grouped(progress.articles)));
            return;
        }
        let (began, before) = *self.began.get_or_init(|| (Instant::now(), progress.articles));
        let rate = (progress.articles - before) as f64 / began.elapsed().as_secs_f64().max(1e-3);
        let rejects = match progress.rejects {
            0 => String::new(),
            count => format!(" · {} rejects", grouped(count)),
        };
        self.bar.set_message(format!("{} articles · {}/s{rejects}", grouped(progress.articles), grouped(rate as u64)));
    }

    fn stopped(&self) -> bool {
        self.signals.stop()
    }

    fn halted(&self) {
        self.clear();
        super::say(
            "stopped; what is done so far is kept: give the same command with --resume (in place of --force), and the same input, to go on",
        );
        std::process::exit(self.signals.status().into());
    }

    fn remark(&self, remark: &str) {
        if !self.quiet {
            self.bar.suspend(|| super::say(remark));
        }
    }
}

fn visible(total: Option<u64>) -> ProgressBar {
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
