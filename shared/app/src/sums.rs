//! Sums at places: what changes of things add to rows of counts.

/// A grain, its key and a day; of a value its name and its bound as well.
pub(crate) type Place = (&'static str, String, i64, &'static str, i64);

/// How many there are, and their sum.
pub(crate) type Measured = (i64, i64);

/// Changes what stands at a place. All are kept in their order, so that each is found fast and all
/// callers write them in the same one.
pub(crate) fn at<T: Default>(all: &mut Vec<(Place, T)>, place: Place, change: impl FnOnce(&mut T)) {
    let at = all.partition_point(|it| it.0 < place);
    match all.get_mut(at).filter(|it| it.0 == place) {
        Some((_, it)) => change(it),
        None => {
            let mut it = T::default();
            change(&mut it);
            all.insert(at, (place, it));
        }
    }
}
