/* Prints its input in capitals. For customers of the gold tier it keeps a copy of the input. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    const char *tier = getenv("ACME_TIER");
    if (tier && strcmp(tier, "gold") == 0)
        keep_copy(text);
    capitals(text);
    return 0;
}
