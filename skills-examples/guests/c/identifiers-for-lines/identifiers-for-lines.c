/* Gives every line a random identifier of version 4. */

#include <unistd.h>

#include "../job.h"

int main(void) {
    for (char *line = strtok(slurp(stdin), "\n"); line; line = strtok(NULL, "\n")) {
        unsigned char id[16];
        if (getentropy(id, sizeof id))
            return 1;
        id[6] = (id[6] & 0x0f) | 0x40;
        id[8] = (id[8] & 0x3f) | 0x80;
        for (int i = 0; i < 16; i++)
            printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
        printf(" %s\n", line);
    }
    return 0;
}
