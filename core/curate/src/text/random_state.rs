//! Whole numbers as `numpy.random.RandomState(seed).randint` draws them with `dtype=uint64`.

const N: usize = 624;
/// How far ahead the recurrence looks.
const M: usize = 397;

/// The Mersenne Twister MT19937 of Matsumoto and Nishimura (1998), <https://doi.org/10.1145/272991.272995>.
pub struct RandomState {
    state: [u32; N],
    next: usize,
}

impl RandomState {
    pub fn new(seed: u32) -> Self {
        let mut state = [0; N];
        let mut last = seed;
        for (idx, word) in (0_u32..).zip(&mut state) {
            if idx > 0 {
                last = 1_812_433_253_u32
                    .wrapping_mul(last ^ (last >> 30))
                    .wrapping_add(idx);
            }
            *word = last;
        }
        Self { state, next: N }
    }

    /// Uniform from `low` to `high`, both inclusive: draws are masked to the bits of the span and drawn again if larger.
    pub fn integer(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low);
        let mask = u64::MAX.checked_shr(span.leading_zeros()).unwrap_or(0);
        loop {
            let drawn = ((u64::from(self.word()) << 32) | u64::from(self.word())) & mask;
            if drawn <= span {
                return low.saturating_add(drawn);
            }
        }
    }

    fn word(&mut self) -> u32 {
        if self.next >= N {
            self.renew();
            self.next = 0;
        }
        let mut word = self.state[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn renew(&mut self) {
        for idx in 0..N {
            let joined =
                (self.state[idx] & 0x8000_0000) | (self.state[(idx + 1) % N] & 0x7fff_ffff);
            let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
            self.state[idx] = self.state[(idx + M) % N] ^ (joined >> 1) ^ twist;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_numpy() {
        let mut random = RandomState::new(42);
        let high = (1 << 61) - 2;
        assert_eq!(random.integer(1, high), 2_297_359_619_001_564_596);
        assert_eq!(random.integer(0, high), 1_396_682_528_897_996_046);
        assert_eq!(random.integer(1, high), 1_973_689_801_170_867_272);
        assert_eq!(random.integer(7, 7), 7);
    }
}
