//! Enumerations whose values have names.

/// The names of an enumeration, in JSON and in the database.
macro_rules! named {
    ($type:ident, $count:literal, $($variant:ident $name:literal),*) => {
        impl $type {
            /// Every one, in order.
            pub const ALL: [$type; $count] = [$($type::$variant),*];
            /// Their names, in the same order.
            pub const NAMES: [&str; $count] = [$($name),*];

            /// The one of this name.
            pub fn parse(name: &str) -> Option<$type> {
                $type::ALL.into_iter().find(|it| it.name() == name)
            }

            /// Its name in JSON and in the database.
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name),*
                }
            }
        }
    };
}

pub(crate) use named;
