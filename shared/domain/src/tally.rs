//! Numbers that are kept together: how many things of one kind are how.

/// A struct `Tally` of counts, in the order of the columns that keep them.
macro_rules! tally {
    ($(#[$of:meta])* $count:literal, $($(#[$doc:meta])* $name:ident),*) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Tally {
            $($(#[$doc])* pub $name: i64),*
        }

        impl Tally {
            /// What is counted: the columns of its table, in their order.
            pub const NAMES: [&str; $count] = [$(stringify!($name)),*];

            /// The numbers, in the same order.
            pub const fn numbers(&self) -> [i64; $count] {
                [$(self.$name),*]
            }

            /// Of the numbers in that order; what is missing is none.
            pub fn of(mut next: impl FnMut() -> i64) -> Tally {
                Tally { $($name: next()),* }
            }

            /// Adds what another has, so many times.
            pub fn add(&mut self, other: &Tally, times: i64) {
                let mut pairs = self.numbers().into_iter().zip(other.numbers());
                let sum = |(own, it): (i64, i64)| own.saturating_add(it * times);
                *self = Tally::of(|| pairs.next().map_or(0, sum));
            }
        }
    };
}
pub(crate) use tally;
