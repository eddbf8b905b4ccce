/* Counts lines, words and bytes, and the variables that it is given. */

#include "../job.h"

extern char **environ;

int main(void) {
    size_t variables = 0;
    while (environ && environ[variables])
        variables++;
    printf("%zu\n", variables);
    count(slurp(stdin));
    return 0;
}
