//! Wall-clock time and peak memory of whole processes.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Times of several runs, in seconds, and the highest memory of any.
pub struct Sample {
    times: Vec<f64>,
    /// Highest resident memory seen, in bytes; 0 where the system does not tell.
    pub peak: u64,
}

impl Sample {
    /// Shortest run.
    pub fn min(&self) -> f64 {
        self.times.first().copied().unwrap_or(f64::NAN)
    }

    /// Middle run.
    pub fn median(&self) -> f64 {
        self.times.get(self.times.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Longest run.
    pub fn max(&self) -> f64 {
        self.times.last().copied().unwrap_or(f64::NAN)
    }
}

/// Runs a command `n` times after one run to warm the file cache; it must succeed.
pub fn runs(n: usize, command: &mut Command) -> Result<Sample, String> {
    sample(n, command, true)
}

/// Like [`runs`], whatever the exit code.
pub fn runs_any(n: usize, command: &mut Command) -> Result<Sample, String> {
    sample(n, command, false)
}

fn sample(n: usize, command: &mut Command, must_succeed: bool) -> Result<Sample, String> {
    let mut sample = Sample { times: Vec::new(), peak: 0 };
    for run in 0..=n {
        let start = Instant::now();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = spawned.map_err(|error| format!("{command:?} could not be started: {error}"))?;
        let (ok, peak) = wait(&mut child)?;
        if must_succeed && !ok {
            return Err(format!("{command:?} failed"));
        }
        if run > 0 {
            sample.times.push(start.elapsed().as_secs_f64());
        }
        sample.peak = sample.peak.max(peak);
    }
    sample.times.sort_by(f64::total_cmp);
    Ok(sample)
}

/// Waits for the end, reading the high-water mark of memory on the way. The mark only rises, so the last reading is close to the peak.
fn wait(child: &mut Child) -> Result<(bool, u64), String> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status) {
            peak = peak.max(high_water_mark(&text).unwrap_or(0));
        }
        match child.try_wait() {
            Ok(Some(status)) => return Ok((status.success(), peak)),
            // Half of this is added to each time on average.
            Ok(None) => std::thread::sleep(Duration::from_micros(500)),
            Err(error) => return Err(error.to_string()),
        }
    }
}

fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
