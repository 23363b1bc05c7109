interface Props {
  readonly value: number | undefined;
  readonly least: number;
  readonly most: number;
  readonly onValue: (value: number) => void;
}

/** A whole number. What somebody types counts when it is complete; what is out of bounds becomes the nearest that is not. */
export function NumberField({ value, least, most, onValue }: Props) {
  return (
    <input
      type="number"
      inputMode="numeric"
      min={least}
      max={most}
      step={1}
      value={value ?? ''}
      onChange={({ currentTarget }) => {
        const { valueAsNumber: typed } = currentTarget;
        const meant = Number.isFinite(typed) ? Math.min(Math.max(Math.round(typed), least), most) : value;
        // Also when that is what it was before, and nothing is drawn anew.
        currentTarget.value = String(meant ?? '');
        if (meant !== undefined && meant !== value) onValue(meant);
      }}
    />
  );
}
