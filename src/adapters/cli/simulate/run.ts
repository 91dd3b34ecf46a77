import { StepFailed, type Transcript } from './transcript.js';

/** A scenario ready to be played. */
export interface Part {
  readonly name: string;
  readonly about: string;
  /** When it fails, nothing that follows makes sense. */
  readonly essential?: boolean;
  play(): Promise<void>;
}

/** Plays the parts one after the other; a step that fails ends its part, not the others. */
export async function playParts(transcript: Transcript, parts: readonly Part[], signal: AbortSignal): Promise<void> {
  for (const { name, about, essential, play } of parts) {
    if (signal.aborted) return;
    transcript.begin(name, about);
    try {
      await play();
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      if (essential === true) return;
    }
  }
}
