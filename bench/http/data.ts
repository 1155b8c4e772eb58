/** The object of ten fields that every server answers with. */
export interface Item {
  id: number
  name: string
  description: string
  price: number
  quantity: number
  rating: number
  active: boolean
  category: 'kitchen' | 'garden' | 'office'
  created_at: string
  dimensions: { width: number; height: number; unit: string }
}

/** An item as it is stored: with a member that must not leave. */
export interface StoredItem extends Item {
  supplier_note: string
}

/** What a client may send to make an item. */
export interface ItemIn {
  name: string
  quantity: number
  price: number
  active: boolean
  category: 'kitchen' | 'garden' | 'office'
  tags: string[]
}

/** Make the item with that id, as a database would: a new object at each call. */
export function itemOf(id: number): StoredItem {
  return {
    supplier_note: 'pays late',
    id,
    name: `Kettle ${id}`,
    description: 'A whistling kettle of brushed steel, for every kind of stove',
    price: 39.95,
    quantity: 12,
    rating: 4.5,
    active: true,
    category: 'kitchen',
    created_at: '2026-01-15T10:30:00.000Z',
    dimensions: { width: 18.5, height: 24, unit: 'cm' },
  }
}

/** The fifty items of the list row. */
export const ITEMS: StoredItem[] = Array.from({ length: 50 }, (_, i) => itemOf(i + 1))

/** What may leave of an item, by hand. */
export function toItem(stored: StoredItem): Item {
  const { id, name, description, price, quantity, rating, active, category } = stored
  const { created_at, dimensions } = stored
  return {
    id,
    name,
    description,
    price,
    quantity,
    rating,
    active,
    category,
    created_at,
    dimensions,
  }
}

/** The fifty items without what must not leave: for the row that sends them as they are. */
export const PUBLIC_ITEMS: Item[] = ITEMS.map(toItem)
