/** How well something went, for its colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm';
