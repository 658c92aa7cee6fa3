/** Which text the referrer ticks when saying that the candidate agreed; a changed text gets the next number and key. */
export const AGREED_TEXT_VERSION = 1;
