package main

import "syscall"

// Linux counts in kilobytes.
func mostMemory(usage *syscall.Rusage) float64 { return float64(usage.Maxrss) / (1 << 10) }
