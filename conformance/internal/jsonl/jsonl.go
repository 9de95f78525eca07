// Package jsonl moves one JSON value a line, the wire format of every command
// of this module.
package jsonl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Each calls answer with each non-empty line of in, as it was written, and
// writes what answer returns as one line of out. Every answer is flushed
// before the next line is read when flush is set, so that the caller may hold
// a conversation instead of sending everything at once.
func Each(in io.Reader, out io.Writer, flush bool, answer func(line []byte) any) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := reader.ReadBytes('\n')
		if readErr != nil && readErr != io.EOF {
			return fmt.Errorf("reading a line: %w", readErr)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := encoder.Encode(answer(line)); err != nil {
				return fmt.Errorf("writing an answer: %w", err)
			}
			if flush {
				if err := writer.Flush(); err != nil {
					return fmt.Errorf("writing an answer: %w", err)
				}
			}
		}
		if readErr == io.EOF {
			return writer.Flush()
		}
	}
}
