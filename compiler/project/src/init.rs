pub struct InitError;
pub struct Scaffold;
/// x
pub fn init() {}
