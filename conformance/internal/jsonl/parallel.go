package jsonl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// EachParallel is Each with several lines answered at a time. Answers come in
// the order of the lines, and each is flushed as soon as it and those before
// it are there.
func EachParallel(in io.Reader, out io.Writer, workers int, answer func(line []byte) any) error {
	pending := make(chan chan any, workers)
	var readErr error
	go func() {
		defer close(pending)
		readErr = eachLine(in, func(line []byte) {
			slot := make(chan any, 1)
			pending <- slot
			go func() { slot <- answer(line) }()
		})
	}()
	writer := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for slot := range pending {
		if err := encoder.Encode(<-slot); err != nil {
			return fmt.Errorf("writing an answer: %w", err)
		}
		if err := writer.Flush(); err != nil {
			return fmt.Errorf("writing an answer: %w", err)
		}
	}
	return readErr
}

func eachLine(in io.Reader, use func(line []byte)) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("reading a line: %w", err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			use(line)
		}
		if err == io.EOF {
			return nil
		}
	}
}
