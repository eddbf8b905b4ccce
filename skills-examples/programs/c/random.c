/* Draws from the system's randomness, and throws dice. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
    unsigned char drawn[16];
    int counts[6] = {0};
    if (getentropy(drawn, sizeof drawn)) {
        perror("getentropy");
        return 1;
    }
    for (size_t i = 0; i < sizeof drawn; i++)
        printf("%02x", drawn[i]);
    printf("\n");
    srand(drawn[0] << 8 | drawn[1]);
    for (int i = 0; i < 6000; i++)
        counts[rand() % 6]++;
    for (int i = 0; i < 6; i++)
        printf("%d: %d\n", i + 1, counts[i]);
    return 0;
}
