// Writes a report as JSON, reads it back, and ends with the number of its words.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
)

type report struct {
	At    time.Time      `json:"at"`
	Words map[string]int `json:"words"`
}

func main() {
	own := report{At: time.Now().UTC().Truncate(time.Second), Words: map[string]int{}}
	scanner := bufio.NewScanner(os.Stdin)
	total := 0
	for scanner.Scan() {
		for _, word := range strings.Fields(scanner.Text()) {
			own.Words[word]++
			total++
		}
	}
	text, err := json.MarshalIndent(own, "", "  ")
	if err == nil {
		err = os.WriteFile("/tmp/report.json", text, 0o644)
	}
	var again report
	if text, err = os.ReadFile("/tmp/report.json"); err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	words := make([]string, 0, len(again.Words))
	for word := range again.Words {
		words = append(words, word)
	}
	sort.Strings(words)
	fmt.Println(again.At.Format(time.RFC3339), strings.Join(words, " "))
	os.Exit(total)
}
