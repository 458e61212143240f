/** Entry point of the worker threads. */
void import('./engine.ts').then(({ work }) => work());
