/* Writes into the middle of a file, cuts it, and reads it back in pieces. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    int file = open("/tmp/seek.bin", O_CREAT | O_TRUNC | O_RDWR, 0666);
    char text[64] = {0};
    if (file < 0) {
        perror("/tmp/seek.bin");
        return 1;
    }
    write(file, "0123456789", 10);
    lseek(file, 20, SEEK_SET);
    write(file, "abc", 3);
    pwrite(file, "XY", 2, 4);
    printf("end %lld\n", (long long)lseek(file, 0, SEEK_END));
    ssize_t got = pread(file, text, 8, 2);
    printf("pread %zd %.*s\n", got, (int)got, text);
    lseek(file, 8, SEEK_SET);
    got = read(file, text, 64);
    for (ssize_t i = 0; i < got; i++)
        printf("%02x", (unsigned char)text[i]);
    printf("\n");
    printf("truncate %d\n", ftruncate(file, 5));
    printf("end %lld\n", (long long)lseek(file, 0, SEEK_END));
    close(file);
    file = open("/tmp/seek.bin", O_WRONLY | O_APPEND);
    write(file, "+", 1);
    printf("end %lld\n", (long long)lseek(file, 0, SEEK_END));
    return 0;
}
