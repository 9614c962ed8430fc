/* A shared object that is no plugin: it exports another symbol. */
int somebody_elses_function(void);
__attribute__((visibility("default"))) int somebody_elses_function(void) { return 42; }
