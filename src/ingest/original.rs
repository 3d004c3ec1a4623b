//! Originals: a file that is read more than once must be the same every time.
//!
//! Headings, dates and cases are read in separate passes. If another program writes or replaces an export between them,
//! it would be half counted. The system's record of a file shows most changes at once; network drives may update it
//! late, and then the file's digest shows them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::files::{self, Stamp};
use super::hex;
use crate::error::Error;

/// Bytes at the beginning that every pass compares: headings and dates are decided on them.
pub const BEGINNING: u64 = 256 * 1024;
/// Bytes read at a time.
const PIECE: u64 = 1024 * 1024;

/// Progress in reading.
#[derive(Debug, Clone, Copy)]
pub enum Passed {
    /// A reading of this many bytes begins.
    Begin(u64),
    /// This many more bytes were read.
    Bytes(u64),
    /// This many more lines are being worked on.
    Lines(u64),
}

/// Called with the progress in reading.
pub type Progress<'a> = dyn Fn(Passed) + Sync + 'a;

/// A file as it was when first examined.
#[derive(Debug)]
pub struct Original {
    path: PathBuf,
    stamp: Stamp,
    beginning: String,
    /// SHA-256 of the whole file, once it has been read to its end.
    whole: OnceLock<String>,
}

impl Original {
    /// Examines a file for the first time.
    ///
    /// # Errors
    /// As [`files::open`].
    pub fn of(path: &Path) -> Result<Original, Error> {
        let mut file = files::open(path)?;
        let stamp = Stamp::of(&file, path)?;
        let mut beginning = Vec::new();
        files::read_more(&mut file, path, &mut beginning, BEGINNING)?;
        let beginning = hex(&Sha256::digest(&beginning));
        Ok(Original { path: path.to_owned(), stamp, beginning, whole: OnceLock::new() })
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Length in bytes.
    pub fn length(&self) -> u64 {
        self.stamp.length
    }

    /// Begins another pass through the file.
    ///
    /// # Errors
    /// As [`files::open`]; [`Error::ChangedInput`].
    pub fn reading(&self) -> Result<Reading<'_>, Error> {
        let file = files::open(&self.path)?;
        let reading = Reading { original: self, file, hasher: Sha256::new(), read: 0, is_glance: false };
        reading.check_stamp()?;
        Ok(reading)
    }

    /// Begins a pass without a digest of the whole.
    ///
    /// # Errors
    /// As [`Original::reading`].
    pub fn glance(&self) -> Result<Reading<'_>, Error> {
        Ok(Reading { is_glance: true, ..self.reading()? })
    }

    /// All bytes of the file, and their SHA-256 in hexadecimal; for files short enough to keep in memory.
    ///
    /// # Errors
    /// [`Error::UnreadableInput`]; [`Error::ChangedInput`] if the file is no longer what it was at first.
    pub fn bytes(&self, progress: &Progress<'_>) -> Result<(Vec<u8>, String), Error> {
        let (mut reading, mut bytes) = (self.reading()?, Vec::with_capacity(self.length() as usize));
        loop {
            match reading.more(&mut bytes, PIECE)? {
                0 => return Ok((bytes, reading.finish()?)),
                read => progress(Passed::Bytes(read as u64)),
            }
        }
    }

    fn changed(&self) -> Error {
        Error::ChangedInput { path: self.path.clone() }
    }
}

/// One pass through a file.
pub struct Reading<'a> {
    original: &'a Original,
    file: File,
    hasher: Sha256,
    read: u64,
    /// Whether only the beginning is compared.
    is_glance: bool,
}

impl Reading<'_> {
    /// Appends the next piece to `buffer`; returns its length, 0 at the end.
    ///
    /// # Errors
    /// [`Error::UnreadableInput`]; [`Error::ChangedInput`] if the file begins differently or is longer than at first.
    pub fn more(&mut self, buffer: &mut Vec<u8>, bytes: u64) -> Result<usize, Error> {
        // No piece crosses the end of the beginning, so that the beginning can be compared.
        let left = BEGINNING.saturating_sub(self.read);
        let bytes = if left > 0 { bytes.min(left) } else { bytes };
        let read = files::read_more(&mut self.file, &self.original.path, buffer, bytes)?;
        if left > 0 || !self.is_glance {
            self.hasher.update(&buffer[buffer.len() - read..]);
        }
        self.read += read as u64;
        let is_beginning = read > 0 && self.read == BEGINNING.min(self.original.stamp.length);
        let begins_otherwise =
            || is_beginning && hex(&self.hasher.clone().finalize()) != self.original.beginning;
        // A file that keeps growing would be read forever.
        if self.read > self.original.stamp.length || begins_otherwise() {
            return Err(self.original.changed());
        }
        Ok(read)
    }

    /// Ends a pass through the whole file; returns its SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// [`Error::ChangedInput`] if the file is no longer what it was at first.
    pub fn finish(self) -> Result<String, Error> {
        self.check_stamp()?;
        let digest = hex(&self.hasher.finalize());
        let is_whole = self.read == self.original.stamp.length;
        if !is_whole || *self.original.whole.get_or_init(|| digest.clone()) != digest {
            return Err(self.original.changed());
        }
        Ok(digest)
    }

    /// Ends a glance, or a pass through part of the file.
    ///
    /// # Errors
    /// As [`Reading::finish`].
    pub fn leave(self) -> Result<(), Error> {
        self.check_stamp()
    }

    fn check_stamp(&self) -> Result<(), Error> {
        match Stamp::of(&self.file, &self.original.path)? == self.original.stamp {
            true => Ok(()),
            false => Err(self.original.changed()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make the files that are read")]
mod tests {
    use std::fs;
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    /// A file with these bytes, examined for the first time, and its folder.
    fn original(bytes: &[u8]) -> (tempfile::TempDir, Original) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        fs::write(&path, bytes).expect("written");
        let original = Original::of(&path).expect("readable");
        (folder, original)
    }

    /// Replaces the bytes of a file within the same second, as far as its system records.
    fn rewrite(original: &Original, bytes: &[u8]) {
        let file = fs::OpenOptions::new().write(true).open(original.path()).expect("opened");
        let modified = file.metadata().and_then(|facts| facts.modified()).expect("a time");
        fs::write(original.path(), bytes).expect("written");
        file.set_modified(modified).expect("set");
    }

    fn is_changed<T>(outcome: Result<T, Error>) -> bool {
        matches!(outcome, Err(Error::ChangedInput { .. }))
    }

    fn whole(original: &Original) -> Result<(Vec<u8>, String), Error> {
        original.bytes(&|_| ())
    }

    #[test]
    fn a_file_that_stays_is_read_as_often_as_needed() {
        for length in [0, 1, BEGINNING as usize, BEGINNING as usize + 1, 3 * PIECE as usize] {
            let bytes: Vec<u8> = (0..length).map(|number| number as u8).collect();
            let (_folder, original) = original(&bytes);
            assert_eq!(whole(&original).expect("the same").0, bytes);
            assert_eq!(whole(&original).expect("the same"), whole(&original).expect("the same"));
        }
    }

    #[test]
    fn another_length_or_time_is_seen_when_a_pass_begins() {
        let (_folder, original) = original(b"Nr;Start\n1;2024-01-10\n");
        rewrite(&original, b"Nr;Start\n");
        assert!(is_changed(original.reading()));
        rewrite(&original, b"Nr;Start\n1;2024-01-10\n");
        assert!(original.reading().is_ok());
        let file = fs::OpenOptions::new().write(true).open(original.path()).expect("opened");
        file.set_modified(UNIX_EPOCH + Duration::from_secs(86_400)).expect("set");
        assert!(is_changed(original.reading()));
    }

    #[test]
    fn what_is_added_while_it_is_read_is_seen() {
        let (_folder, original) = original(&vec![b'x'; 2 * PIECE as usize]);
        let (mut reading, mut bytes) = (original.reading().expect("the same"), Vec::new());
        reading.more(&mut bytes, PIECE).expect("the same");
        let mut longer = vec![b'x'; 2 * PIECE as usize];
        longer.push(b'y');
        rewrite(&original, &longer);
        let rest = (0..10).try_for_each(|_| reading.more(&mut bytes, PIECE).map(|_| ()));
        assert!(is_changed(rest));
        rewrite(&original, &longer[..PIECE as usize]);
        assert!(is_changed(reading.finish()));
    }

    #[test]
    fn other_bytes_are_seen_though_length_and_time_stay() {
        let first = vec![b'x'; 2 * BEGINNING as usize];
        let (mut head, mut tail) = (first.clone(), first.clone());
        head[10] = b'y';
        tail[BEGINNING as usize + 10] = b'y';
        let (_folder, original) = original(&first);
        rewrite(&original, &head);
        // A pass that reads only the beginning also notices.
        let mut reading = original.reading().expect("so it seems");
        assert!(is_changed(reading.more(&mut Vec::new(), PIECE)));
        rewrite(&original, &first);
        assert!(whole(&original).is_ok());
        rewrite(&original, &tail);
        assert!(is_changed(whole(&original)));
    }

    #[test]
    fn a_short_file_that_begins_otherwise_is_seen() {
        let (_folder, original) = original(b"Nr;Start\n");
        rewrite(&original, b"Nr;Slut!\n");
        assert!(is_changed(whole(&original)));
    }
}
