//! Parts: many items kept by the highest bits of their hash, so that equal ones are found side by side, on
//! several threads and without one large sort.

use std::sync::Mutex;
use std::thread::Builder;

/// So many parts.
const PARTS: usize = 64;

/// Items in parts.
#[derive(Debug)]
pub struct Parts<T>(Vec<Vec<T>>);

impl<T> Default for Parts<T> {
    fn default() -> Parts<T> {
        Parts((0..PARTS).map(|_| Vec::new()).collect())
    }
}

impl<T: Send> Parts<T> {
    /// Adds an item; `hash` decides the part by its highest bits.
    pub fn push(&mut self, hash: u64, item: T) {
        self.0[(hash >> 58) as usize].push(item);
    }

    /// Joins the lists of several workers and looks through every part; gives what was found, part by part.
    pub fn look_through<R: Send>(
        lists: impl Iterator<Item = Parts<T>>,
        threads: usize,
        look: impl Fn(&mut Vec<T>) -> Vec<R> + Sync,
    ) -> Vec<R> {
        let mut joined = Parts::default();
        for list in lists {
            for (part, mut items) in joined.0.iter_mut().zip(list.0) {
                if part.is_empty() {
                    *part = items;
                } else {
                    part.append(&mut items);
                }
            }
        }
        side_by_side(threads, joined.0.iter_mut(), look).into_iter().flatten().collect()
    }
}

/// Works on all items, so many at a time; results in the order of the items. A thread that cannot be started is done
/// without: this one works too.
pub fn side_by_side<T: Send, R: Send>(
    threads: usize,
    items: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let helpers = threads.min(items.len()).saturating_sub(1);
    let items = Mutex::new(items.enumerate());
    let worker = || {
        let mut done = Vec::new();
        // Nobody panics while the lock is held: taking an item is all that is done under it.
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

/// Drops items whose key occurs once, but for a few: those that are left are few enough to sort.
pub fn keep_repeated<T>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    /// So many that one item in sixteen shares its bit with another by chance.
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
            let mut parts = Parts::default();
            (0..640_u64).for_each(|number| parts.push(number.wrapping_mul(0x9E37_79B9_7F4A_7C15), number));
            Parts::look_through(std::iter::once(parts), threads, std::mem::take)
        };
        assert_eq!(found(1).len(), 640);
        assert!(found(0) == found(1) && found(1) == found(7) && found(7) == found(1000));
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
