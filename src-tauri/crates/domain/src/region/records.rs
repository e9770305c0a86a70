//! Maps that everybody may read and only the region may write, since indexes and sums hang on what is in them.

use imbl::OrdMap;
use std::{borrow::Borrow, sync::Arc};

/// Records by their keys, in the order of these. A copy shares all records with its original.
#[derive(Clone, Debug)]
pub struct Records<K: Ord, V>(OrdMap<K, Arc<V>>);

impl<K: Ord, V> Default for Records<K, V> {
    fn default() -> Self {
        Self(OrdMap::default())
    }
}

impl<K: Ord + Clone, V> Records<K, V> {
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key).map(Arc::as_ref)
    }

    /// With the key as it is kept.
    pub(super) fn entry<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.0.get_key_value(key).map(|(key, record)| (key, record.as_ref()))
    }

    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, record)| (key, record.as_ref()))
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.values().map(Arc::as_ref)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn insert(&mut self, key: K, record: V) -> Option<Arc<V>> {
        self.0.insert(key, Arc::new(record))
    }

    pub(super) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
    {
        // Asked first, since taking out what is not there would copy what is shared.
        if self.0.contains_key(key) {
            self.0.remove(key)
        } else {
            None
        }
    }
}

/// Which of many belong to one, with nothing kept for a one that has none.
#[derive(Clone, Debug)]
pub(super) struct Groups<K: Ord, T>(OrdMap<K, Arc<Vec<T>>>);

impl<K: Ord, T> Default for Groups<K, T> {
    fn default() -> Self {
        Self(OrdMap::default())
    }
}

impl<K: Ord + Clone, T: Ord + Clone> Groups<K, T> {
    /// In order.
    pub(super) fn of<Q: Ord + ?Sized>(&self, key: &Q) -> &[T]
    where
        K: Borrow<Q>,
    {
        self.0.get(key).map_or(&[], |all| all.as_slice())
    }

    pub(super) fn has<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    pub(super) fn add(&mut self, key: &K, one: T) {
        // A sorted vector rather than a set: most groups are a room's or a ward's beds, and a tree's node is larger.
        match self.0.get(key).map(|all| all.binary_search(&one)) {
            Some(Ok(_)) => {}
            Some(Err(at)) => {
                if let Some(all) = self.0.get_mut(key) {
                    Arc::make_mut(all).insert(at, one);
                }
            }
            None => drop(self.0.insert(key.clone(), Arc::new(vec![one]))),
        }
    }

    pub(super) fn take(&mut self, key: &K, one: &T) {
        let Some((at, of)) = self
            .0
            .get(key)
            .and_then(|all| Some((all.binary_search(one).ok()?, all.len())))
        else {
            return;
        };
        if of == 1 {
            self.0.remove(key);
        } else if let Some(all) = self.0.get_mut(key) {
            Arc::make_mut(all).remove(at);
        }
    }
}
