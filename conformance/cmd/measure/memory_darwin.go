package main

import "syscall"

// macOS counts in bytes.
func mostMemory(usage *syscall.Rusage) float64 { return float64(usage.Maxrss) / (1 << 20) }
