//! Pseudonyms: names for cases that lead back to no case number without a key.
//!
//! Lists of cases go to people who must not know whose they are. A pseudonym is a keyed hash of the case number:
//! whoever has the key can make the list again without pseudonyms and find the case, and nobody else can try out
//! numbers until one fits. The list is still personal data: its dates and units may point to a person.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::Error;
use crate::ingest::files::{self, KEY_MARK};
use crate::ingest::{hex, key_of, paths};

/// Bytes of a new key, and the minimum for any key.
const KEY_BYTES: usize = 32;
/// The most bytes of a key file.
const LONGEST_FILE: u64 = 4096;
/// The comment above a new key.
const KEY_NOTE: &str = "Secret: it leads from pseudonyms back to case numbers. Never send it with a list.\n\
                        # Hemlig nyckel: den leder från pseudonymer till ärendenummer. Lämna aldrig ut den med en lista.";

/// The letters of a pseudonym, one for every four bits: no vowels, so that they form no words; no digits, so that none
/// looks like a personal number; and no letter that can be mistaken for a digit.
const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrtvw";
/// Bytes of the hash that a pseudonym shows. With a million cases, two share these 80 bits once in 2.4 million million
/// lists; with ten million, once in 24 thousand million.
const SHOWN_BYTES: usize = 10;
/// Letters between two hyphens.
const GROUP: usize = 4;

/// Derives pseudonyms from one key.
pub struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    /// Pseudonyms with the key in a file. If the file does not exist, it is created with a new key, for its owner
    /// alone, and the flag is true. An existing file is never written to.
    ///
    /// # Errors
    /// [`Error::UnusableKey`] if it is not a file, holds no key, or others than its owner may read or write it;
    /// [`Error::UnreadableInput`], [`Error::UnwritableOutput`].
    pub fn open(path: &Path) -> Result<(Pseudonyms, bool), Error> {
        match fs::metadata(path) {
            Ok(facts) if !facts.is_file() => Err(unusable(path, "no-file")),
            Ok(facts) => {
                // Read the key first: the remedy for open rights does not apply to a file that is not a key.
                let key = read_key(path)?;
                if is_open_to_others(&facts) {
                    return Err(unusable(path, "open-to-others"));
                }
                Ok((Pseudonyms::with(&key), false))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok((Pseudonyms::with(&make_key(path)?), true))
            }
            Err(error) => Err(Error::UnreadableInput { path: path.into(), cause: error.to_string() }),
        }
    }

    fn with(key: &[u8]) -> Pseudonyms {
        Pseudonyms { keyed: Hmac::new_from_slice(key).expect("HMAC takes keys of every length") }
    }

    /// The pseudonym of a case number, the same for every spelling of the number. A case without a number has an empty
    /// one.
    pub fn of(&self, case_number: &str) -> String {
        if case_number.is_empty() {
            return String::new();
        }
        let hash = self.keyed.clone().chain_update(key_of(case_number.as_bytes())).finalize().into_bytes();
        let letters = hash[..SHOWN_BYTES].iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut shown = String::new();
        for (place, letter) in letters.enumerate() {
            if place > 0 && place % GROUP == 0 {
                shown.push('-');
            }
            shown.push(char::from(LETTERS[usize::from(letter)]));
        }
        shown
    }
}

/// Refuses a key file that is the output or lies inside it: the output is replaced, and is given to others.
///
/// # Errors
/// [`Error::UnusableKey`]; as [`paths::settled`].
pub fn refuse_key_in(output: &Path, key: &Path) -> Result<(), Error> {
    match paths::settled(key)?.starts_with(paths::settled(output)?) {
        true => Err(unusable(key, "in-output")),
        false => Ok(()),
    }
}

fn unusable(path: &Path, flaw: &'static str) -> Error {
    Error::UnusableKey { path: path.into(), flaw }
}

/// Whether others than its owner may read or write a file.
#[cfg(all(unix, not(feature = "elsewhere")))]
fn is_open_to_others(facts: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const GROUP_AND_OTHERS: u32 = 0o077;
    facts.permissions().mode() & GROUP_AND_OTHERS != 0
}

/// On other systems rights are lists that a file inherits from its folder.
#[cfg(any(not(unix), feature = "elsewhere"))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}

fn read_key(path: &Path) -> Result<Vec<u8>, Error> {
    let (mut file, mut bytes) = (files::open(path)?, Vec::new());
    files::read_more(&mut file, path, &mut bytes, LONGEST_FILE)?;
    key_in(&bytes).ok_or_else(|| unusable(path, "no-key"))
}

/// The key in a key file: its only line that is not a comment, in hexadecimal.
fn key_in(file: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(file).ok()?.trim_start_matches('\u{feff}');
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let digits = lines.next().filter(|line| line.is_ascii())?;
    let bytes = digits.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2 && !pair.starts_with('+'));
        u8::from_str_radix(pair?, 16).ok()
    });
    let key: Vec<u8> = bytes.collect::<Option<_>>()?;
    (lines.next().is_none() && key.len() >= KEY_BYTES).then_some(key)
}

/// Creates a key file. If that fails half-way, no file is left.
fn make_key(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |cause: &dyn std::fmt::Display| Error::UnwritableOutput {
        path: path.into(),
        cause: cause.to_string(),
    };
    let mut key = vec![0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| failed(&error))?;
    let text = format!("{KEY_MARK}. {KEY_NOTE}\n{}\n", hex(&key));
    let mut file = create_folder_of(path).and_then(|()| create(path)).map_err(|error| failed(&error))?;
    let written =
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| file.metadata());
    let refused = match written {
        // A network share may give files rights of its own choice.
        Ok(facts) if is_open_to_others(&facts) => unusable(path, "unprotected"),
        Ok(_) => return Ok(key),
        Err(error) => failed(&error),
    };
    drop(file);
    let _ = fs::remove_file(path);
    Err(refused)
}

/// Creates the folder of a path, and those above it, for their owner alone if they do not exist.
fn create_folder_of(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) else { return Ok(()) };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(all(unix, not(feature = "elsewhere")))]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Creates a file that must not exist, for its owner alone from the first moment.
#[allow(
    clippy::disallowed_methods,
    reason = "a key is no output: it is made once, apart from all that is replaced"
)]
fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(all(unix, not(feature = "elsewhere")))]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_file(place: &tempfile::TempDir, text: &str) -> std::path::PathBuf {
        let path = place.path().join("nyckel");
        let mut file = create(&path).expect("made");
        file.write_all(text.as_bytes()).expect("written");
        path
    }

    fn flaw_of(opened: Result<(Pseudonyms, bool), Error>) -> &'static str {
        match opened {
            Err(Error::UnusableKey { flaw, .. }) => flaw,
            Err(error) => panic!("{error}"),
            Ok(_) => "none",
        }
    }

    /// RFC 4231, test case 2.
    #[test]
    fn the_hash_is_hmac_sha_256() {
        let hash = Pseudonyms::with(b"Jefe").keyed.chain_update(b"what do ya want for nothing?").finalize();
        assert_eq!(
            hex(&hash.into_bytes()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_pseudonym_shows_eighty_bits_in_letters() {
        let pseudonyms = Pseudonyms::with(b"Jefe");
        // The hash begins 20fdabf25014a2f8874f, says OpenSSL.
        assert_eq!(pseudonyms.of("17"), "dbwt-pqwd-hbcg-pdwm-mkgw");
        assert_eq!(pseudonyms.of(""), "");
    }

    #[test]
    fn one_case_has_one_pseudonym_in_every_spelling() {
        let pseudonyms = Pseudonyms::with(&[7; KEY_BYTES]);
        for (one, other) in [
            ("BU 2024-17", "bu  2024-17"),
            ("Å-1", "A\u{30a}-1"),
            ("BU17", "BU\u{200b}17"),
            ("ＢＵ１７", "BU17"),
        ] {
            assert_eq!(pseudonyms.of(one), pseudonyms.of(other), "{one}");
        }
        assert_ne!(pseudonyms.of("BU 2024-17"), pseudonyms.of("BU 2024-18"));
        assert_ne!(pseudonyms.of("17"), Pseudonyms::with(&[8; KEY_BYTES]).of("17"));
    }

    #[test]
    fn thousands_of_pseudonyms_are_letters_without_vowels_and_all_differ() {
        let pseudonyms = Pseudonyms::with(&[7; KEY_BYTES]);
        let mut all: Vec<String> = (0..20_000).map(|number| pseudonyms.of(&number.to_string())).collect();
        for shown in &all {
            assert_eq!(shown.len(), 24, "{shown}");
            let groups: Vec<&str> = shown.split('-').collect();
            assert!(groups.len() == 5 && groups.iter().all(|group| group.len() == 4), "{shown}");
            assert!(shown.bytes().all(|byte| byte == b'-' || LETTERS.contains(&byte)), "{shown}");
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20_000);
    }

    #[test]
    fn a_new_key_is_kept_and_used_again() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("nyckel");
        let (first, is_new) = Pseudonyms::open(&path).expect("made");
        assert!(is_new);
        let text = fs::read_to_string(&path).expect("readable");
        assert!(text.starts_with(KEY_MARK) && text.lines().count() == 3, "{text}");
        let (again, is_new) = Pseudonyms::open(&path).expect("read");
        assert!(!is_new);
        assert_eq!(first.of("17"), again.of("17"));
        assert_eq!(fs::read_to_string(&path).expect("readable"), text);
        let (other, _) = Pseudonyms::open(&place.path().join("annan")).expect("made");
        assert_ne!(first.of("17"), other.of("17"));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_or_write_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("nyckel");
        Pseudonyms::open(&path).expect("made");
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("changed");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        for open in [0o640, 0o620, 0o604, 0o602, 0o610, 0o644, 0o666] {
            mode(open);
            assert_eq!(flaw_of(Pseudonyms::open(&path)), "open-to-others", "{open:o}");
        }
        for closed in [0o400, 0o600, 0o700] {
            mode(closed);
            assert_eq!(flaw_of(Pseudonyms::open(&path)), "none", "{closed:o}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let digits = "0123456789abcdefABCDEF0123456789".repeat(2);
        let one_short = &digits[2..];
        let odd = format!("{digits}0");
        let two = format!("{digits}\n{digits}\n");
        let signed = format!("+1{one_short}");
        for text in
            ["", "# only a comment\n", "secret", one_short, &odd, &two, &signed, "é".repeat(64).as_str()]
        {
            assert_eq!(key_in(text.as_bytes()), None, "{text}");
        }
        assert_eq!(key_in(b"\xff\xfe"), None);
        for text in
            [digits.clone(), format!("\u{feff}# one\r\n\r\n  {digits}\r\n# two\r\n"), digits.repeat(2)]
        {
            assert!(key_in(text.as_bytes()).is_some_and(|key| key.len() >= KEY_BYTES), "{text}");
        }
        let place = tempfile::tempdir().expect("a folder");
        assert_eq!(flaw_of(Pseudonyms::open(place.path())), "no-file");
        let path = key_file(&place, one_short);
        assert_eq!(flaw_of(Pseudonyms::open(&path)), "no-key");
        assert_eq!(fs::read_to_string(&path).expect("readable"), one_short);
    }

    #[test]
    fn a_key_inside_the_output_is_refused_by_every_path() {
        let place = tempfile::tempdir().expect("a folder");
        let (reports, inside) = (place.path().join("reports"), place.path().join("reports/a/nyckel"));
        let refused = |output: &Path, key: &Path| {
            matches!(refuse_key_in(output, key), Err(Error::UnusableKey { flaw: "in-output", .. }))
        };
        // Before the folder exists, and after.
        assert!(refused(&reports, &inside));
        fs::create_dir(&reports).expect("made");
        assert!(refused(&reports, &inside));
        assert!(refused(&reports, &place.path().join("reports/../reports/nyckel")));
        assert!(refused(&place.path().join("./list.csv"), &place.path().join("list.csv")));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&reports, place.path().join("link")).expect("linked");
            assert!(refused(&reports, &place.path().join("link/nyckel")));
            assert!(refused(&place.path().join("link"), &place.path().join("reports/nyckel")));
        }
        assert!(!refused(&reports, &place.path().join("nyckel")));
        assert!(!refused(&reports, &place.path().join("reports-nyckel")));
    }

    #[cfg(unix)]
    #[test]
    fn a_dead_link_is_no_place_for_a_key() {
        let place = tempfile::tempdir().expect("a folder");
        let link = place.path().join("link");
        std::os::unix::fs::symlink(place.path().join("gone"), &link).expect("linked");
        assert!(matches!(Pseudonyms::open(&link), Err(Error::UnwritableOutput { .. })));
        assert!(!place.path().join("gone").exists());
    }
}
