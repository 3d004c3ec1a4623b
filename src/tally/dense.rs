//! Values by whole number in an array: no number is stored and none is hashed.

/// Values for all whole numbers between the smallest and the largest that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dense<T> {
    first: i32,
    values: Vec<T>,
}

impl<T> Default for Dense<T> {
    fn default() -> Dense<T> {
        Dense { first: 0, values: Vec::new() }
    }
}

impl<T: Clone + Default> Dense<T> {
    /// The value of a number, created when it is first asked for.
    #[inline]
    pub fn at(&mut self, number: i32) -> &mut T {
        // A number below the first wraps to an index beyond the last.
        let mut index = number.wrapping_sub(self.first) as u32 as usize;
        if index >= self.values.len() {
            index = self.reach(number);
        }
        &mut self.values[index]
    }

    /// The value of a number, if the array reaches it.
    pub fn get(&self, number: i32) -> Option<&T> {
        self.values.get(number.wrapping_sub(self.first) as u32 as usize)
    }

    /// Makes room for a number and returns its index.
    #[cold]
    fn reach(&mut self, number: i32) -> usize {
        if self.values.is_empty() {
            self.first = number;
        }
        if number < self.first {
            let missing = (self.first - number) as usize;
            self.values.splice(0..0, std::iter::repeat_n(T::default(), missing));
            self.first = number;
        }
        let index = (number - self.first) as usize;
        if index >= self.values.len() {
            self.values.resize(index + 1, T::default());
        }
        index
    }

    /// The values with their numbers, in order; some may still be the default.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (i32, &T)> + Clone {
        self.values.iter().enumerate().map(|(index, value)| (self.first + index as i32, value))
    }

    /// Adds the values of another array, each with `add`.
    pub fn add(&mut self, other: &Dense<T>, add: impl Fn(&mut T, &T)) {
        for (number, value) in other.iter() {
            add(self.at(number), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_come_in_any_order() {
        let mut dense = Dense::<u32>::default();
        for number in [7, -3, 7, 9, -4] {
            *dense.at(number) += 1;
        }
        let counts: Vec<(i32, u32)> =
            dense.iter().map(|(number, count)| (number, *count)).filter(|(_, count)| *count > 0).collect();
        assert_eq!(counts, [(-4, 1), (-3, 1), (7, 2), (9, 1)]);
        assert_eq!(
            [-5, -4, 8, 9, 10].map(|number| dense.get(number)),
            [None, Some(&1), Some(&0), Some(&1), None]
        );
        assert_eq!(dense.iter().count(), 14);
    }
}
