/** In place of zod's locales, of which no program here asks for one. */
export {};
