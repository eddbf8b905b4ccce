/* Looks for numbers of its input that add up to the first one, and ends as solvers do: 10 if there are some, 20 if not. */

#include "../job.h"

int main(void) {
    long numbers[16], target;
    int count = 0;
    char *text = slurp(stdin), *end;
    target = strtol(text, &end, 10);
    for (text = end; count < 16; text = end) {
        long number = strtol(text, &end, 10);
        if (end == text)
            break;
        numbers[count++] = number;
    }
    for (unsigned chosen = 1; chosen < 1u << count; chosen++) {
        long sum = 0;
        for (int i = 0; i < count; i++)
            sum += chosen >> i & 1 ? numbers[i] : 0;
        if (sum == target) {
            printf("s SATISFIABLE\nv");
            for (int i = 0; i < count; i++)
                if (chosen >> i & 1)
                    printf(" %ld", numbers[i]);
            printf(" 0\n");
            return 10;
        }
    }
    printf("s UNSATISFIABLE\n");
    return 20;
}
