/* wasi-libc has no setjmp. Programs that jump only to report an error run with this: the error ends them. */
#ifndef SETJMP_H
#define SETJMP_H
#include <stdlib.h>
typedef int jmp_buf[1];
typedef int sigjmp_buf[1];
#define setjmp(environment) ((void)(environment), 0)
#define sigsetjmp(environment, mask) ((void)(environment), (void)(mask), 0)
#define longjmp(environment, value) abort()
#define siglongjmp(environment, value) abort()
#define _setjmp setjmp
#define _longjmp longjmp
#endif
