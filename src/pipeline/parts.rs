//! Many items partitioned by the highest bits of their hash, so that equal ones are found on several threads and
//! without one large sort. Items that exceed memory are kept in a temporary file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;
use std::thread::Builder;

use crate::ingest::PersonCase;

/// Number of parts.
const PARTS: usize = 64;

/// Bytes of items that each of `threads` workers keeps in memory.
pub fn kept_in_memory(threads: usize) -> usize {
    /// For all workers together.
    const ALL: usize = 32 << 20;
    ALL / threads.max(1)
}

/// An item, and its form in a file.
pub trait Item: Copy + Send {
    /// Its bytes.
    type Bytes: AsRef<[u8]> + AsMut<[u8]> + Default;
    /// As bytes.
    fn to_bytes(self) -> Self::Bytes;
    /// From bytes.
    fn from_bytes(bytes: Self::Bytes) -> Self;
}

impl Item for u64 {
    type Bytes = [u8; 8];

    fn to_bytes(self) -> [u8; 8] {
        self.to_le_bytes()
    }

    fn from_bytes(bytes: [u8; 8]) -> u64 {
        u64::from_le_bytes(bytes)
    }
}

impl Item for PersonCase {
    type Bytes = [u8; 16];

    fn to_bytes(self) -> [u8; 16] {
        self.bits().to_le_bytes()
    }

    fn from_bytes(bytes: [u8; 16]) -> PersonCase {
        PersonCase::from_bits(u128::from_le_bytes(bytes))
    }
}

/// Items in parts. They are hashes with a key of the run, so that a file of them reveals nothing.
#[derive(Debug)]
pub struct Parts<T> {
    parts: Vec<Vec<T>>,
    items: usize,
    /// The most items kept in memory.
    most: usize,
    aside: Aside,
}

/// The items that did not fit in memory.
#[derive(Debug, Default)]
struct Aside {
    /// The file has no name and disappears when the run ends, however it ends.
    file: Option<File>,
    /// Where items are in the file: part, place and length.
    stretches: Vec<(usize, u64, usize)>,
    length: u64,
}

impl<T: Item> Parts<T> {
    /// An empty list that keeps at most this many bytes of items in memory.
    pub fn new(most_bytes: usize) -> Parts<T> {
        let most = most_bytes / size_of::<T>();
        Parts { parts: (0..PARTS).map(|_| Vec::new()).collect(), items: 0, most, aside: Aside::default() }
    }

    /// Adds an item; the highest bits of `hash` select the part.
    #[inline]
    pub fn push(&mut self, hash: u64, item: T) {
        self.parts[(hash >> 58) as usize].push(item);
        self.items += 1;
        if self.items > self.most {
            self.set_aside();
        }
    }

    /// Moves all items into the file. If none can be written, they stay in memory.
    #[cold]
    fn set_aside(&mut self) {
        match self.aside.take(&self.parts) {
            Ok(()) => {
                self.parts.iter_mut().for_each(Vec::clear);
                self.items = 0;
            }
            Err(_) => self.most = usize::MAX,
        }
    }

    /// Joins the lists of several workers and applies a function to every part; returns its results, part by part.
    ///
    /// # Errors
    /// If a temporary file cannot be read.
    pub fn look_through<R: Send>(
        lists: impl Iterator<Item = Parts<T>>,
        threads: usize,
        look: impl Fn(&mut Vec<T>) -> Vec<R> + Sync,
    ) -> io::Result<Vec<R>> {
        let mut lists: Vec<Parts<T>> = lists.collect();
        let parts: Vec<Vec<Vec<T>>> = (0..PARTS)
            .map(|part| lists.iter_mut().map(|list| std::mem::take(&mut list.parts[part])).collect())
            .collect();
        let asides: Vec<Mutex<Aside>> = lists.into_iter().map(|list| Mutex::new(list.aside)).collect();
        let found = side_by_side(threads, parts.into_iter().enumerate(), |(part, lists)| {
            let mut all = lists.into_iter().reduce(|mut all, mut more| {
                all.append(&mut more);
                all
            });
            let all = all.get_or_insert_default();
            for aside in &asides {
                aside.lock().expect("reading does not panic").put_back(part, all)?;
            }
            Ok(look(all))
        });
        let found: Vec<Vec<R>> = found.into_iter().collect::<io::Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl Aside {
    /// Writes items to the file. If that fails, earlier items can still be read.
    fn take<T: Item>(&mut self, parts: &[Vec<T>]) -> io::Result<()> {
        let known = self.stretches.len();
        let taken = self.append(parts);
        if taken.is_err() {
            self.stretches.truncate(known);
        }
        taken
    }

    fn append<T: Item>(&mut self, parts: &[Vec<T>]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        let mut bytes = Vec::new();
        for (part, items) in parts.iter().enumerate() {
            bytes.clear();
            items.iter().for_each(|item| bytes.extend_from_slice(item.to_bytes().as_ref()));
            file.write_all(&bytes)?;
            self.stretches.push((part, self.length, bytes.len()));
            self.length += bytes.len() as u64;
        }
        Ok(())
    }

    fn put_back<T: Item>(&mut self, part: usize, items: &mut Vec<T>) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut bytes = Vec::new();
        for (_, place, length) in self.stretches.iter().filter(|(of, ..)| *of == part) {
            bytes.resize(*length, 0);
            file.seek(SeekFrom::Start(*place))?;
            file.read_exact(&mut bytes)?;
            items.extend(bytes.chunks_exact(size_of::<T::Bytes>()).map(|bytes| {
                let mut item = T::Bytes::default();
                item.as_mut().copy_from_slice(bytes);
                T::from_bytes(item)
            }));
        }
        Ok(())
    }
}

/// Works on all items on several threads; the results are in the order of the items. If a thread cannot be started, the
/// others do its work.
pub fn side_by_side<T: Send, R: Send>(
    threads: usize,
    items: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let helpers = threads.min(items.len()).saturating_sub(1);
    let items = Mutex::new(items.enumerate());
    let worker = || {
        let mut done = Vec::new();
        // Nobody panics while holding the lock: it only covers taking an item.
        while let Some((number, item)) = { items.lock().expect("taking does not panic").next() } {
            done.push((number, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let helping: Vec<_> =
            (0..helpers).map_while(|_| Builder::new().spawn_scoped(scope, worker).ok()).collect();
        let mut done = worker();
        for helper in helping {
            done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Drops items whose key occurs once, except for a few: those that remain are few enough to sort.
pub fn keep_repeated<T>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    /// With so many bits, one item in sixteen shares its bit with another by chance.
    const BITS_PER_ITEM: usize = 16;
    let bits = (items.len() * BITS_PER_ITEM).next_power_of_two().max(64);
    let (mut once, mut twice) = (vec![0u64; bits / 64], vec![0u64; bits / 64]);
    let place = |item: &T| {
        let bit = key(item) as usize & (bits - 1);
        (bit / 64, 1u64 << (bit % 64))
    };
    for item in items.iter() {
        let (word, mask) = place(item);
        twice[word] |= once[word] & mask;
        once[word] |= mask;
    }
    items.retain(|item| {
        let (word, mask) = place(item);
        twice[word] & mask != 0
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_comes_part_by_part_on_any_number_of_threads() {
        let found = |threads| {
            let mut parts = Parts::new(usize::MAX);
            (0..640_u64).for_each(|number| parts.push(number.wrapping_mul(0x9E37_79B9_7F4A_7C15), number));
            Parts::look_through(std::iter::once(parts), threads, std::mem::take)
                .expect("nothing is set aside")
        };
        assert_eq!(found(1).len(), 640);
        assert!(found(0) == found(1) && found(1) == found(7) && found(7) == found(1000));
    }

    #[test]
    fn what_is_too_much_for_memory_is_found_all_the_same() {
        let list = |numbers: std::ops::Range<u64>, most: usize| {
            let mut parts = Parts::new(most);
            numbers.for_each(|number| parts.push(number.wrapping_mul(0x9E37_79B9_7F4A_7C15), number));
            assert_eq!(parts.aside.file.is_some(), most < 8 * 3_000);
            parts
        };
        let found = |most: usize| {
            let lists = [list(0..3_000, most), list(2_000..6_000, usize::MAX)].into_iter();
            let sorted = |part: &mut Vec<u64>| {
                part.sort_unstable();
                std::mem::take(part)
            };
            Parts::look_through(lists, 2, sorted).expect("read")
        };
        assert_eq!(found(usize::MAX).len(), 7_000);
        for most in [0, 8, 80, 8 * 2_999] {
            assert!(found(most) == found(usize::MAX), "{most} bytes in memory");
        }
    }

    #[test]
    fn nothing_is_lost_when_no_more_can_be_written() {
        let place = tempfile::NamedTempFile::new().expect("a file");
        let mut parts = Parts::new(8 * 10);
        parts.aside.file = Some(place.reopen().expect("opened"));
        (0..11_u64).for_each(|number| parts.push(number << 58, number));
        assert!(!parts.aside.stretches.is_empty() && parts.items == 0);
        // From now on the file is read-only, like a file on a full disk.
        parts.aside.file = Some(File::open(place.path()).expect("opened"));
        (11..40_u64).for_each(|number| parts.push(number << 58, number));
        let mut found = Parts::look_through([parts].into_iter(), 2, std::mem::take).expect("read");
        found.sort_unstable();
        assert_eq!(found, (0..40).collect::<Vec<u64>>());
    }

    #[test]
    fn what_occurs_twice_is_kept_and_little_else() {
        let mix = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
        let mut items: Vec<u64> = (0..10_000).chain(0..100).map(mix).collect();
        keep_repeated(&mut items, |item| *item);
        assert!((0..100).all(|number| items.iter().filter(|item| **item == mix(number)).count() == 2));
        assert!(items.len() < 2_000, "{}", items.len());
    }
}
