package kubectl

import (
	"fmt"
	"os"
	"slices"

	"k8s.io/cli-runtime/pkg/resource"
)

// Whole holds Read to kubectl's own way from a file to the objects, without
// any code of ours between.
type Whole struct {
	files chan string
}

// NewWhole makes as many files as texts are checked at a time.
func NewWhole(folder string, files int) (*Whole, error) {
	whole := &Whole{files: make(chan string, files)}
	for range files {
		file, err := os.CreateTemp(folder, "text-*.yaml")
		if err != nil {
			return nil, fmt.Errorf("making a file for texts: %w", err)
		}
		if err := file.Close(); err != nil {
			return nil, fmt.Errorf("making a file for texts: %w", err)
		}
		whole.files <- file.Name()
	}
	return whole, nil
}

// Check says how a reading differs from what kubectl would send of the text.
func (w *Whole) Check(text []byte, reading Reading) error {
	path := <-w.files
	defer func() { w.files <- path }()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("writing a text: %w", err)
	}
	options := &resource.FilenameOptions{Filenames: []string{path}}
	objects, err := sent(builder().FilenameParam(false, options))
	ours, failed := reading.sent()
	if !slices.Equal(objects, ours) || (err != nil) != failed {
		return fmt.Errorf("kubectl sends %q (%v), not %q", objects, err, ours)
	}
	return nil
}

// sent gives all objects, and whether anything was refused.
func (r Reading) sent() ([]string, bool) {
	objects, failed := []string{}, r.Error != ""
	for _, document := range r.Documents {
		objects = append(objects, document.Objects...)
		failed = failed || document.Error != ""
	}
	return objects, failed
}
