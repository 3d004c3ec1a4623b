//! Memory: how much of it the program uses, for work that must not exhaust it.

/// Bytes of memory in use now, as the system counts them; `None` if the system does not say.
pub fn resident_bytes() -> Option<u64> {
    #[cfg(all(target_os = "linux", not(feature = "elsewhere")))]
    {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kilobytes * 1024)
    }
    #[cfg(any(not(target_os = "linux"), feature = "elsewhere"))]
    None
}

#[cfg(all(test, target_os = "linux", not(feature = "elsewhere")))]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_counted() {
        let before = resident_bytes().expect("Linux reports it");
        let held = vec![1_u8; 64 * 1024 * 1024];
        let after = resident_bytes().expect("Linux reports it");
        assert!(after > before + held.len() as u64 / 2, "{before} {after}");
    }
}
