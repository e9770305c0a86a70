//! Where secrets lie (S-06): a port, so that this crate never knows which keyring it is.

/// Where secrets lie: the system's keyring. May block; never called on a thread that must not.
pub trait Secrets: Send + Sync {
    /// The secret kept under a name.
    ///
    /// # Errors
    /// When the keyring does not answer; a name that it does not know is `None`.
    fn get(&self, name: &str) -> Result<Option<String>, String>;
    /// Keeps a secret, or forgets it.
    ///
    /// # Errors
    /// When the keyring does not take it.
    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String>;
}
