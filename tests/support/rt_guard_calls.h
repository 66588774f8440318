/* What rt_guard.c interposes beside malloc and its kin: CALL(returns, name, parameters, arguments).
 * Included without a guard, once for each thing that is made of the list. */

/* locks and waits of threads */
CALL(int, pthread_mutex_lock, (pthread_mutex_t * a), (a))
CALL(int, pthread_mutex_trylock, (pthread_mutex_t * a), (a))
CALL(int, pthread_mutex_timedlock, (pthread_mutex_t * a, const struct timespec *b), (a, b))
CALL(int, pthread_mutex_clocklock, (pthread_mutex_t * a, clockid_t b, const struct timespec *c),
     (a, b, c))
CALL(int, pthread_rwlock_rdlock, (pthread_rwlock_t * a), (a))
CALL(int, pthread_rwlock_wrlock, (pthread_rwlock_t * a), (a))
CALL(int, pthread_spin_lock, (pthread_spinlock_t * a), (a))
CALL(int, pthread_cond_wait, (pthread_cond_t * a, pthread_mutex_t *b), (a, b))
CALL(int, pthread_cond_timedwait,
     (pthread_cond_t * a, pthread_mutex_t *b, const struct timespec *c), (a, b, c))
CALL(int, pthread_cond_clockwait,
     (pthread_cond_t * a, pthread_mutex_t *b, clockid_t c, const struct timespec *d), (a, b, c, d))
CALL(int, pthread_cond_signal, (pthread_cond_t * a), (a))
CALL(int, pthread_cond_broadcast, (pthread_cond_t * a), (a))
CALL(int, pthread_barrier_wait, (pthread_barrier_t * a), (a))
CALL(int, pthread_create, (pthread_t * a, const pthread_attr_t *b, void *(*c)(void *), void *d),
     (a, b, c, d))
CALL(int, pthread_join, (pthread_t a, void **b), (a, b))
CALL(int, sem_wait, (sem_t * a), (a))
CALL(int, sem_timedwait, (sem_t * a, const struct timespec *b), (a, b))
CALL(int, sem_clockwait, (sem_t * a, clockid_t b, const struct timespec *c), (a, b, c))

/* time */
CALL(int, nanosleep, (const struct timespec *a, struct timespec *b), (a, b))
CALL(int, clock_nanosleep, (clockid_t a, int b, const struct timespec *c, struct timespec *d),
     (a, b, c, d))
CALL(int, usleep, (useconds_t a), (a))
CALL(unsigned, sleep, (unsigned a), (a))
CALL(int, sched_yield, (void), ())
CALL(int, pause, (void), ())

/* files */
CALL(ssize_t, read, (int a, void *b, size_t c), (a, b, c))
CALL(ssize_t, write, (int a, const void *b, size_t c), (a, b, c))
CALL(ssize_t, readv, (int a, const struct iovec *b, int c), (a, b, c))
CALL(ssize_t, writev, (int a, const struct iovec *b, int c), (a, b, c))
CALL(ssize_t, pread, (int a, void *b, size_t c, off_t d), (a, b, c, d))
CALL(ssize_t, pwrite, (int a, const void *b, size_t c, off_t d), (a, b, c, d))
CALL(int, close, (int a), (a))
CALL(int, fsync, (int a), (a))
CALL(int, fdatasync, (int a), (a))
CALL(int, flock, (int a, int b), (a, b))
CALL(FILE *, fopen, (const char *a, const char *b), (a, b))
CALL(int, fclose, (FILE * a), (a))
CALL(int, fflush, (FILE * a), (a))
CALL(int, fputs, (const char *a, FILE *b), (a, b))
CALL(size_t, fwrite, (const void *a, size_t b, size_t c, FILE *d), (a, b, c, d))
CALL(size_t, fread, (void *a, size_t b, size_t c, FILE *d), (a, b, c, d))
CALL(int, puts, (const char *a), (a))

/* waiting for several, and other processes */
CALL(int, poll, (struct pollfd * a, nfds_t b, int c), (a, b, c))
CALL(int, ppoll, (struct pollfd * a, nfds_t b, const struct timespec *c, const sigset_t *d),
     (a, b, c, d))
CALL(int, select, (int a, fd_set *b, fd_set *c, fd_set *d, struct timeval *e), (a, b, c, d, e))
CALL(int, epoll_wait, (int a, struct epoll_event *b, int c, int d), (a, b, c, d))
CALL(ssize_t, send, (int a, const void *b, size_t c, int d), (a, b, c, d))
CALL(ssize_t, recv, (int a, void *b, size_t c, int d), (a, b, c, d))
CALL(ssize_t, sendmsg, (int a, const struct msghdr *b, int c), (a, b, c))
CALL(ssize_t, recvmsg, (int a, struct msghdr *b, int c), (a, b, c))
CALL(pid_t, waitpid, (pid_t a, int *b, int c), (a, b, c))

/* the address space */
CALL(void *, mmap, (void *a, size_t b, int c, int d, int e, off_t f), (a, b, c, d, e, f))
CALL(int, munmap, (void *a, size_t b), (a, b))
CALL(int, mprotect, (void *a, size_t b, int c), (a, b, c))
CALL(int, madvise, (void *a, size_t b, int c), (a, b, c))
CALL(int, mlock, (const void *a, size_t b), (a, b))
CALL(void *, sbrk, (intptr_t a), (a))
